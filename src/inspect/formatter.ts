import { parse as parseJson } from 'jsonc-parser';
import type { Formatter, Found, Style } from '../types.ts';
import { readObject } from './config.ts';
import { installedVersion } from './flue-version.ts';
import { declaration, type Manifest, readManifest } from './manifest.ts';
import type { Project } from './project.ts';

/**
 * How the project writes code: Biome's or Prettier's settings, whichever stands nearer, with .editorconfig for what Prettier leaves
 * open; with neither, .editorconfig and the hand of flue.config. Nothing of it is run: a Prettier config that is a program is read as
 * far as it is literal. The line ending is that of package.json, unless the settings name one.
 */
export async function inspectFormatter(project: Project, manifest: Manifest): Promise<Found<Formatter>> {
  const crlf = project.read('package.json')?.includes('\r\n') ?? false;
  const eol = (named: unknown) => (named === 'crlf' || (named !== 'lf' && crlf) ? '\r\n' : '\n');
  const editor = await editorSettings(project);
  const configured = await configuredIn(project, manifest);
  if (configured) {
    const settings: Record<string, unknown> = {
      ...(configured.by === 'prettier' && editor.settings),
      ...configured.settings,
    };
    return { value: { eol: eol(settings.endOfLine), style: styleOf(settings) }, because: configured.because };
  }
  const hand = handOf(project);
  const settings: Record<string, unknown> = { printWidth: 120, ...hand.settings, ...editor.settings };
  const because = [editor.because, hand.because].filter((one) => one !== null).join(' and ') || '`package.json`';
  const plain = Object.entries(settings).every(([name, value]) => value === ours[name] || name === 'endOfLine');
  return { value: { eol: eol(settings.endOfLine), style: plain ? null : styleOf(settings) }, because };
}

/** What the templates are written in. */
const ours: Record<string, unknown> = { printWidth: 120, tabWidth: 2, useTabs: false, semi: true, singleQuote: true };

const kinds: Record<string, 'number' | 'boolean' | string[]> = {
  printWidth: 'number',
  tabWidth: 'number',
  useTabs: 'boolean',
  semi: 'boolean',
  singleQuote: 'boolean',
  quoteProps: ['as-needed', 'consistent', 'preserve'],
  trailingComma: ['all', 'es5', 'none'],
  bracketSpacing: 'boolean',
  bracketSameLine: 'boolean',
  arrowParens: ['always', 'avoid'],
  objectWrap: ['preserve', 'collapse'],
  experimentalTernaries: 'boolean',
  experimentalOperatorPosition: ['start', 'end'],
};

/** Only what is known, and only where it has the right kind. */
function styleOf(settings: Record<string, unknown>): Style {
  const fits = (kind: 'number' | 'boolean' | string[] | undefined, value: unknown) =>
    Array.isArray(kind) ? kind.includes(String(value)) : typeof value === kind;
  const known = Object.entries(settings).filter(([name, value]) => fits(kinds[name], value));
  return Object.fromEntries(known) as Style;
}

interface Configured {
  by: 'biome' | 'prettier';
  settings: Record<string, unknown>;
  because: string;
}

async function configuredIn(project: Project, manifest: Manifest): Promise<Configured | null> {
  for (const folder of project.upward) {
    const at = (name: string) => (folder === '.' ? name : `${folder}/${name}`);
    const biome = ['biome.json', 'biome.jsonc', '.biome.json', '.biome.jsonc'].map(at).find(project.has);
    if (biome) {
      const settings = biomeSettings(parseJson(project.read(biome) ?? '', [], { allowTrailingComma: true }));
      if (settings) return { by: 'biome', settings, because: biome };
    }
    const found = await prettierSettings(project, folder, at);
    if (found)
      return { by: 'prettier', settings: { ...defaultsOf(project), ...found.settings }, because: found.because };
  }
  const list = declaration(manifest, 'prettier')?.list;
  return list ? { by: 'prettier', settings: defaultsOf(project), because: `\`prettier\` is in \`${list}\`` } : null;
}

/** Prettier 2 had another default for the comma after the last argument. */
function defaultsOf(project: Project): Record<string, unknown> {
  return installedVersion(project, 'prettier')?.version.startsWith('2.') ? { trailingComma: 'es5' } : {};
}

const prettierFiles =
  /^(?:\.prettierrc(?:\.(?:json5?|ya?ml|m?js|cjs|m?ts|cts))?|prettier\.config\.(?:m?js|cjs|m?ts|cts))$/;

async function prettierSettings(
  project: Project,
  folder: string,
  at: (name: string) => string,
): Promise<{ settings: Record<string, unknown>; because: string } | null> {
  const field = (readManifest(project, folder) as { prettier?: unknown } | null)?.prettier;
  if (isObject(field)) return { settings: await forOurFile(field), because: `\`prettier\` in ${at('package.json')}` };
  const name = project
    .list(folder)
    .map((entry) => entry.name)
    .find((one) => prettierFiles.test(one));
  if (!name) return null;
  const text = project.read(at(name)) ?? '';
  const value = /\.[mc]?[jt]s$/.test(name) ? await readObject(text) : await parseData(text);
  return isObject(value) ? { settings: await forOurFile(value), because: at(name) } : null;
}

/** JSON is YAML too, but for tabs; both are tried. */
async function parseData(text: string): Promise<unknown> {
  const errors: unknown[] = [];
  const json = parseJson(text, errors as never[], { allowTrailingComma: true });
  if (errors.length === 0) return json;
  const { parse } = await import('yaml');
  try {
    return parse(text);
  } catch {
    return null;
  }
}

async function forOurFile({ overrides, ...settings }: Record<string, unknown>): Promise<Record<string, unknown>> {
  if (!Array.isArray(overrides)) return settings;
  const { default: picomatch } = await import('picomatch');
  for (const { files, options } of overrides.filter(isObject)) {
    const patterns = [files].flat().filter((one) => typeof one === 'string');
    if (patterns.some((one) => picomatch(one, { basename: true })('db.ts'))) Object.assign(settings, options);
  }
  return settings;
}

/** Biome's words as Prettier's; its defaults differ in tabs and quotes it shares. Null where it is used for something else. */
function biomeSettings(config: unknown): Record<string, unknown> | null {
  const part = (value: unknown, key: string) => (isObject(value) && isObject(value[key]) ? value[key] : {});
  const general = part(config, 'formatter');
  const own = part(part(config, 'javascript'), 'formatter');
  if (general.enabled === false || own.enabled === false) return null;
  const both = { indentStyle: 'tab', indentWidth: 2, lineWidth: 80, ...general, ...own };
  return {
    useTabs: both.indentStyle === 'tab',
    tabWidth: both.indentWidth,
    printWidth: both.lineWidth,
    endOfLine: (both as { lineEnding?: unknown }).lineEnding,
    singleQuote: own.quoteStyle === 'single',
    semi: own.semicolons !== 'asNeeded',
    quoteProps: own.quoteProperties === 'preserve' ? 'preserve' : 'as-needed',
    trailingComma: own.trailingCommas ?? 'all',
    bracketSpacing: own.bracketSpacing ?? general.bracketSpacing ?? true,
    arrowParens: own.arrowParentheses === 'asNeeded' ? 'avoid' : 'always',
    objectWrap: own.expand === 'never' ? 'collapse' : 'preserve',
  };
}

async function editorSettings(
  project: Project,
): Promise<{ settings: Record<string, unknown>; because: string | null }> {
  const settings: Record<string, unknown> = {};
  const read: string[] = [];
  for (const folder of project.upward) {
    const file = folder === '.' ? '.editorconfig' : `${folder}/.editorconfig`;
    const text = project.has(file) ? project.read(file) : null;
    if (text === null) continue;
    read.push(file);
    const { root, values } = await editorValues(text);
    // The nearer file wins.
    for (const [name, value] of Object.entries(values)) settings[name] ??= value;
    if (root) break;
  }
  const {
    indent_style: indent,
    indent_size: size,
    tab_width: tab,
    max_line_length: width,
    end_of_line: eol,
  } = settings;
  const wide = size === 'tab' || size === undefined ? tab : size;
  const found = {
    ...(indent !== undefined && { useTabs: indent === 'tab' }),
    ...(Number(wide) > 0 && { tabWidth: Number(wide) }),
    ...(Number(width) > 0 && { printWidth: Number(width) }),
    ...(eol ? { endOfLine: eol } : {}),
  };
  return { settings: found, because: Object.keys(found).length > 0 ? read.join(' and ') : null };
}

async function editorValues(text: string): Promise<{ root: boolean; values: Record<string, string> }> {
  const { default: picomatch } = await import('picomatch');
  const values: Record<string, string> = {};
  let [root, applies, inSection] = [false, false, false];
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    if (section) [inSection, applies] = [true, picomatch(section, { basename: true })('db.ts')];
    const [, name, value] = /^\s*([\w-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (!name || value === undefined) continue;
    if (!inSection) root ||= name.toLowerCase() === 'root' && value.toLowerCase() === 'true';
    else if (applies) values[name.toLowerCase()] = value.toLowerCase();
  }
  return { root, values };
}

/** Quotes, semicolons and indentation of flue.config, the one file of code that nearly every project has. */
function handOf(project: Project): { settings: Record<string, unknown>; because: string | null } {
  const name = project.list('.').find((entry) => /^flue\.config\.[mc]?[jt]s$/.test(entry.name))?.name;
  const lines = (name ? (project.read(name) ?? '') : '')
    .split(/\r?\n/)
    .filter((line) => !/^\s*(?:\/[/*]|\*)/.test(line));
  const code = lines.join('\n');
  const quotes = /['"](?=[^'"\n]*['"])/.exec(code)?.[0];
  const statements = lines.filter((line) => /^(?:import|export|const)\b.*[)'"};]$/.test(line.trim()));
  const indent = /^(\t| +)\S/m.exec(code)?.[1];
  if (!name || !quotes) return { settings: {}, because: null };
  const settings = {
    singleQuote: quotes === "'",
    ...(statements.length > 0 && { semi: statements.some((line) => line.trimEnd().endsWith(';')) }),
    ...(indent && { useTabs: indent === '\t' }),
    ...(indent && /^(?: {2,4}| {8})$/.test(indent) && { tabWidth: indent.length }),
  };
  return { settings, because: `the hand of ${name}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
