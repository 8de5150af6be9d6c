import { parse as parseJson } from 'jsonc-parser';
import { readObject } from '../../code/config.ts';
import { installedVersion } from '../../project/installed.ts';
import { declaration, type Manifest, readManifest } from '../../project/manifest.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { Formatter, Found, Style } from '../../types/facts.ts';
import { biomeSettings } from './biome.ts';
import { editorSettings, isFor } from './editorconfig.ts';
import { packagedFile } from './packaged.ts';

/** Settings as somebody wrote them: Prettier's names, any value. */
export type Settings = Record<string, unknown>;

/**
 * How the project writes code, for the file at `entry`: Biome's or Prettier's settings, whichever stands nearer, with .editorconfig for
 * what Prettier leaves open; with neither, .editorconfig and the hand of its own config files. Nothing of it is run: a Prettier config
 * that is a program is read where it is literal, and settings that cannot be read leave it to the hand. The line ending is that of
 * package.json, unless the settings name one.
 */
export async function inspectFormatter(project: Project, manifest: Manifest, entry: string): Promise<Found<Formatter>> {
  const crlf = project.read('package.json')?.includes('\r\n') ?? false;
  const eol = (named: unknown) => (named === 'crlf' || (named !== 'lf' && crlf) ? '\r\n' : '\n');
  const editor = await editorSettings(project, entry);
  const configured = await configuredIn(project, manifest, entry, editor.settings);
  if (configured?.settings) {
    const { settings, because } = configured;
    return { value: { eol: eol(settings.endOfLine), style: styleOf(settings) }, because };
  }
  const hand = handOf(project);
  const settings: Settings = { ...ours, ...hand.settings, ...editor.settings };
  const unread = configured && `${configured.because} cannot be read as data`;
  const because = [unread, editor.because, hand.because].filter(Boolean).join(', ') || '`package.json`';
  const plain = Object.entries(settings).every(([name, value]) => value === ours[name] || name === 'endOfLine');
  return { value: { eol: eol(settings.endOfLine), style: plain ? null : styleOf(settings) }, because };
}

/** What the templates are written in. */
const ours: Settings = { printWidth: 120, tabWidth: 2, useTabs: false, semi: true, singleQuote: true };

const isWidth = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1000;
const isIndent = (value: unknown) => isWidth(value) && Number(value) <= 16;
const isFlag = (value: unknown) => typeof value === 'boolean';
const isOneOf =
  (...values: string[]) =>
  (value: unknown) =>
    typeof value === 'string' && values.includes(value);

const options: Record<string, (value: unknown) => boolean> = {
  printWidth: isWidth,
  tabWidth: isIndent,
  useTabs: isFlag,
  semi: isFlag,
  singleQuote: isFlag,
  quoteProps: isOneOf('as-needed', 'consistent', 'preserve'),
  trailingComma: isOneOf('all', 'es5', 'none'),
  bracketSpacing: isFlag,
  bracketSameLine: isFlag,
  arrowParens: isOneOf('always', 'avoid'),
  objectWrap: isOneOf('preserve', 'collapse'),
  experimentalTernaries: isFlag,
  experimentalOperatorPosition: isOneOf('start', 'end'),
};

/** Only what is known, and only where Prettier would take it. */
function styleOf(settings: Settings): Style {
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => options[name]?.(value))) as Style;
}

/** `settings`: null where a config is there and cannot be read. */
interface Configured {
  settings: Settings | null;
  because: string;
}

async function configuredIn(
  project: Project,
  manifest: Manifest,
  entry: string,
  editor: Settings,
): Promise<Configured | null> {
  for (const folder of project.upward) {
    const biome = await biomeSettings(project, folder, entry, editor);
    if (biome) return biome;
    const prettier = await prettierSettings(project, folder, entry);
    if (!prettier) continue;
    const { settings, because } = prettier;
    return { settings: settings && { ...defaultsOf(project), ...editor, ...settings }, because };
  }
  const list = declaration(manifest, 'prettier')?.list;
  return list ? { settings: { ...defaultsOf(project), ...editor }, because: `\`prettier\` is in \`${list}\`` } : null;
}

/** Prettier 2 had another default for the comma after the last argument. */
function defaultsOf(project: Project): Settings {
  return installedVersion(project, 'prettier')?.version.startsWith('2.') ? { trailingComma: 'es5' } : {};
}

const prettierFiles = /^(?:\.prettierrc(?:\.(?:json5?|ya?ml|toml|[mc]?[jt]s))?|prettier\.config\.[mc]?[jt]s)$/;

async function prettierSettings(project: Project, folder: string, entry: string): Promise<Configured | null> {
  const field = (readManifest(project, folder) as { prettier?: unknown } | null)?.prettier;
  const because = `\`prettier\` in ${inFolder(folder, 'package.json')}`;
  if (field !== undefined) return forEntry(await followed(project, field), project, folder, entry, because);
  const found = project.list(folder).find(({ name, kind }) => prettierFiles.test(name) && kind !== 'folder');
  if (!found) return null;
  const path = inFolder(folder, found.name);
  const settings = await parseSettings(found.name, project.read(path) ?? '');
  return forEntry(await followed(project, settings), project, folder, entry, path);
}

/** A name in the place of settings is that of an installed package that holds them. */
async function followed(project: Project, settings: unknown): Promise<unknown> {
  const file = typeof settings === 'string' ? packagedFile(project, settings) : null;
  return file ? parseSettings(file, project.read(file) ?? '') : settings;
}

/** What the file says as data; TOML is not read. */
async function parseSettings(name: string, text: string): Promise<unknown> {
  if (/\.[mc]?[jt]s$/.test(name)) return readObject(text);
  if (name.endsWith('.json5')) return readObject(`module.exports = ${text}`);
  if (name.endsWith('.toml')) return null;
  const errors: never[] = [];
  const json = parseJson(text, errors, { allowTrailingComma: true });
  if (errors.length === 0) return json;
  const { parse } = await import('yaml');
  try {
    return parse(text);
  } catch {
    return null;
  }
}

async function forEntry(
  value: unknown,
  project: Project,
  folder: string,
  entry: string,
  because: string,
): Promise<Configured> {
  if (!isObject(value)) return { settings: null, because };
  const { overrides, ...settings } = value;
  for (const one of Array.isArray(overrides) ? overrides.filter(isObject) : []) {
    const applies = await isFor(one.files, project, folder, entry);
    if (applies && !(await isFor(one.excludeFiles, project, folder, entry))) Object.assign(settings, one.options);
  }
  return { settings, because };
}

/** Quotes, semicolons and indentation of flue.config or the Vite config: code that nearly every project has. */
function handOf(project: Project): { settings: Settings; because: string | null } {
  const names = project.list('.').map((entry) => entry.name);
  const [name] = [/^flue\.config\.[mc]?[jt]s$/, /^vite\.config\.[mc]?[jt]s$/].flatMap((one) =>
    names.filter((n) => one.test(n)),
  );
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

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
