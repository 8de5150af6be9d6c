import { posix } from 'node:path';
import { objectOf, parseJsonc } from '../../edit/parse-data.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { FormatContext, Formatter, Settings } from './index.ts';
import { isFor } from './overrides.ts';
import { packagedFile } from './packaged.ts';

const names = ['biome.json', 'biome.jsonc', '.biome.json', '.biome.jsonc'];

/**
 * Biome, whose config may only lint. Follows `extends` to files and, with `//`, to the config of the root, and to
 * installed packages; what is not there makes the settings unreadable. https://biomejs.dev/reference/configuration
 */
export const biome: Formatter = {
  name: 'biome',
  async detect({ project, folder, entry, editor }: FormatContext) {
    const file = configIn(project, folder);
    if (!file) return null;
    const config = read(project, file, folder);
    if (!config) return { settings: null, because: file };
    const parts = [config];
    for (const one of Array.isArray(config.overrides) ? config.overrides.map(objectOf) : [])
      if (isFor(one.includes ?? one.include, project, folder, entry)) parts.push(one);
    const general = merged(parts.map((part) => objectOf(part.formatter)));
    const own = merged(parts.map((part) => objectOf(objectOf(part.javascript).formatter)));
    if (general.enabled === false || own.enabled === false) return null;
    return { settings: settingsFrom(general, own, general.useEditorconfig === true ? editor : {}), because: file };
  },
};

/** Its defaults differ from Prettier's in one thing: tabs. */
function settingsFrom(general: Settings, own: Settings, editor: Settings): Settings {
  const both: Settings = { ...general, ...own };
  const { indentStyle, indentWidth, lineWidth, lineEnding } = both;
  return {
    useTabs: true,
    ...editor,
    ...(indentStyle !== undefined && { useTabs: indentStyle === 'tab' }),
    ...(indentWidth !== undefined && { tabWidth: indentWidth }),
    ...(lineWidth !== undefined && { printWidth: lineWidth }),
    ...(lineEnding !== undefined && { endOfLine: lineEnding }),
    singleQuote: own.quoteStyle === 'single',
    semi: own.semicolons !== 'asNeeded',
    quoteProps: own.quoteProperties === 'preserve' ? 'preserve' : 'as-needed',
    trailingComma: own.trailingCommas ?? 'all',
    bracketSpacing: both.bracketSpacing ?? true,
    bracketSameLine: both.bracketSameLine ?? false,
    arrowParens: own.arrowParentheses === 'asNeeded' ? 'avoid' : 'always',
    objectWrap: both.expand === 'never' ? 'collapse' : 'preserve',
  };
}

function configIn(project: Project, folder: string): string | undefined {
  return names.map((name) => inFolder(folder, name)).find(project.has);
}

/** The config with what it extends below it; null where it does not parse or that cannot be followed. */
function read(project: Project, file: string, folder: string, depth = 0): Settings | null {
  const value = parseJsonc(project.read(file) ?? '');
  if (value === undefined) return null;
  const config = objectOf(value);
  const parts: Settings[] = [];
  for (const one of [config.extends ?? []].flat()) {
    const base = typeof one === 'string' ? baseOf(project, folder, one) : null;
    const text =
      base && depth < 5 && project.read(base) !== null
        ? read(project, base, base.replace(/\/?[^/]*$/, '') || '.', depth + 1)
        : null;
    if (!text) return null;
    parts.push(text);
  }
  const all = [...parts, config];
  const of = (key: string) => merged(all.map((one) => objectOf(one[key])));
  const javascript = { formatter: merged(all.map((one) => objectOf(objectOf(one.javascript).formatter))) };
  return { formatter: of('formatter'), javascript, overrides: all.flatMap((one) => one.overrides ?? []) };
}

function baseOf(project: Project, folder: string, name: string): string | null {
  if (name === '//') return rootConfig(project, folder);
  return /^\.{1,2}\//.test(name) ? posix.join(folder, name) : packagedFile(project, name);
}

/** The topmost config: what a nested one means by `//`. */
function rootConfig(project: Project, folder: string): string | null {
  const above = project.upward.slice(project.upward.indexOf(folder) + 1);
  return above.map((one) => configIn(project, one)).findLast((one) => one !== undefined) ?? null;
}

function merged(parts: Settings[]): Settings {
  return Object.assign({}, ...parts);
}
