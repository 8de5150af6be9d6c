import { inFolder, type Project } from '../../project/project.ts';

/** The folders that have settings of an install: the package's own, and that of its lockfile, the nearest first. */
export function settingsFolders({ lockRoot }: { lockRoot: string }): string[] {
  return [...new Set(['.', lockRoot])];
}

/**
 * The settings in the `.npmrc` of folders of a project, which several package managers read; a nearer folder wins.
 * Those of the person (`~/.npmrc`) are not read: what is written should not hang on who runs it. Names are as written,
 * values of a list joined by commas.
 */
export function npmrcOf(project: Project, folders: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const folder of folders.toReversed()) {
    const file = inFolder(folder, '.npmrc');
    const text = project.has(file) ? (project.read(file) ?? '') : '';
    for (const [name, value] of entriesOf(text)) settings[name] = value;
  }
  return settings;
}

function entriesOf(text: string): Map<string, string> {
  const entries = new Map<string, string>();
  const lines = text.split('\n').map((line) => line.trim());
  // What stands below the title of a section is that section's.
  const section = lines.findIndex((line) => line.startsWith('['));
  const own = section < 0 ? lines : lines.slice(0, section);
  for (const line of own.filter((one) => one !== '' && !/^[;#]/.test(one))) {
    const { name, value } = entryIn(line);
    const list = name.endsWith('[]') ? name.slice(0, -2) : null;
    const before = list === null ? undefined : entries.get(list);
    entries.set(list ?? name, before === undefined ? value : `${before},${value}`);
  }
  return entries;
}

function entryIn(line: string): { name: string; value: string } {
  const at = line.indexOf('=');
  if (at < 0) return { name: line, value: 'true' };
  return { name: line.slice(0, at).trim(), value: settingIn(line.slice(at + 1).trim()) };
}

/** Without quotes, or up to a comment. https://github.com/npm/ini */
function settingIn(text: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(text)?.[2];
  return quoted ?? text.replace(/(?<!\\)[;#].*$/, '').trim();
}

/** What is written before a version that is saved, by the names that npm gave to these settings. */
export function savePrefixIn(settings: Record<string, string>): string {
  if (settings['save-exact'] === 'true') return '';
  const prefix = settings['save-prefix'];
  return prefix === '~' || prefix === '' ? prefix : '^';
}

/** The number and text of the first line in which something stands, for a person to find it. */
export function lineWith(text: string, pattern: RegExp): string {
  const lines = text.split(/\r?\n/);
  const at = lines.findIndex((line) => pattern.test(line));
  return at < 0 ? '' : `line ${at + 1}: \`${lines[at]!.trim().slice(0, 100)}\``;
}
