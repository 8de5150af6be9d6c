import { posix } from 'node:path';
import { parse as parseJson } from 'jsonc-parser';
import { inFolder, type Project } from '../../project/project.ts';
import { isFor } from './editorconfig.ts';
import type { Settings } from './index.ts';
import { objectOf, packagedFile } from './packaged.ts';

const names = ['biome.json', 'biome.jsonc', '.biome.json', '.biome.jsonc'];

/**
 * Biome's settings in a folder, in Prettier's words; null where it has none there, or only lints. Follows `extends` to files and, with
 * `//`, to the config of the root, and to installed packages; what is not there makes the settings unreadable.
 */
export async function biomeSettings(
  project: Project,
  folder: string,
  entry: string,
  editor: Settings,
): Promise<{ settings: Settings | null; because: string } | null> {
  const file = configIn(project, folder);
  if (!file) return null;
  const config = read(project, file, folder);
  if (!config) return { settings: null, because: file };
  const parts = [config];
  for (const one of Array.isArray(config.overrides) ? config.overrides.map(objectOf) : [])
    if (await isFor(one.includes ?? one.include, project, folder, entry)) parts.push(one);
  const general = merged(parts.map((part) => objectOf(part.formatter)));
  const own = merged(parts.map((part) => objectOf(objectOf(part.javascript).formatter)));
  if (general.enabled === false || own.enabled === false) return null;
  return { settings: inPrettierWords(general, own, general.useEditorconfig === true ? editor : {}), because: file };
}

/** Its defaults differ from Prettier's in one thing: tabs. */
function inPrettierWords(general: Settings, own: Settings, editor: Settings): Settings {
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

/** The config with what it extends below it; null where that cannot be followed. */
function read(project: Project, file: string, folder: string, depth = 0): Settings | null {
  const config = objectOf(parseJson(project.read(file) ?? '', [], { allowTrailingComma: true }));
  const parts: Settings[] = [];
  for (const one of [config.extends ?? []].flat()) {
    const base =
      one === '//'
        ? rootConfig(project, folder)
        : typeof one === 'string' && /^\.{1,2}\//.test(one)
          ? posix.join(folder, one)
          : typeof one === 'string'
            ? packagedFile(project, one)
            : null;
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

/** The topmost config: what a nested one means by `//`. */
function rootConfig(project: Project, folder: string): string | null {
  const above = project.upward.slice(project.upward.indexOf(folder) + 1);
  return above.map((one) => configIn(project, one)).findLast((one) => one !== undefined) ?? null;
}

function merged(parts: Settings[]): Settings {
  return Object.assign({}, ...parts);
}
