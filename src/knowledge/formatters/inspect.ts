import type { Manifest } from '../../project/manifest.ts';
import type { Project } from '../../project/project.ts';
import type { CodeStyle, FormatOptions, Found } from '../../types/facts.ts';
import { editorSettings } from './editorconfig.ts';
import { habitsOf } from './habits.ts';
import { type Detected, formatters, type Settings } from './index.ts';

/**
 * How the project writes code, for the file at `entry`: the settings of the formatter whose config stands nearest, with
 * .editorconfig for what it leaves open; without one, .editorconfig and the habits of its own config files. Nothing of
 * the project is run, and settings that cannot be read leave it to the habits. The line ending is that of package.json,
 * unless the settings name one.
 */
export async function inspectFormatter(project: Project, manifest: Manifest, entry: string): Promise<Found<CodeStyle>> {
  const crlf = project.read('package.json')?.includes('\r\n') ?? false;
  const eol = (named: unknown) => (named === 'crlf' || (named !== 'lf' && crlf) ? '\r\n' : '\n');
  const editor = editorSettings(project, entry);
  const configured = await configuredIn(project, manifest, entry, editor.settings);
  if (configured?.settings) {
    const { settings, because } = configured;
    return { value: { eol: eol(settings.endOfLine), style: styleOf(settings) }, because };
  }
  const habits = habitsOf(project);
  const settings: Settings = { ...ours, ...habits.settings, ...editor.settings };
  const unread = configured && `${configured.because} cannot be read as data`;
  const because = [unread, editor.because, habits.because].filter(Boolean).join(', ') || '`package.json`';
  const plain = Object.entries(settings).every(([name, value]) => value === ours[name] || name === 'endOfLine');
  return { value: { eol: eol(settings.endOfLine), style: plain ? null : styleOf(settings) }, because };
}

async function configuredIn(
  project: Project,
  manifest: Manifest,
  entry: string,
  editor: Settings,
): Promise<Detected | null> {
  const anywhere = { project, manifest, entry, editor };
  for (const folder of project.upward) {
    for (const formatter of formatters) {
      const detected = await formatter.detect({ ...anywhere, folder });
      if (detected) return detected;
    }
  }
  for (const formatter of formatters) {
    const detected = formatter.withoutConfig?.(anywhere);
    if (detected) return detected;
  }
  return null;
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
function styleOf(settings: Settings): FormatOptions {
  return Object.fromEntries(Object.entries(settings).filter(isKnown)) as FormatOptions;
}

function isKnown([name, value]: [string, unknown]): boolean {
  return Object.hasOwn(options, name) && options[name]!(value);
}
