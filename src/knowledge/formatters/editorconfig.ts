import path from 'node:path';
import { compileGlob, editorConfigGlob } from '../../project/glob.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { Settings } from './index.ts';
import { seenFrom } from './overrides.ts';

/**
 * What the .editorconfig files upward say of the file at `entry`, in Prettier's words; the nearer file wins.
 * https://spec.editorconfig.org
 */
export function editorSettings(project: Project, entry: string): { settings: Settings; because: string | null } {
  const { values, read } = valuesUpward(project, entry);
  const settings = settingsFrom(values);
  return { settings, because: Object.keys(settings).length > 0 ? read.join(' and ') : null };
}

/** The values that count for a file, and the .editorconfig files that were read for them. */
function valuesUpward(project: Project, entry: string): { values: Record<string, string>; read: string[] } {
  const found: Record<string, string> = {};
  const read: string[] = [];
  for (const folder of project.upward) {
    const present = project.list(folder).some(({ name, kind }) => name === '.editorconfig' && kind !== 'folder');
    if (!present) continue;
    const file = inFolder(folder, '.editorconfig');
    read.push(file);
    const { root, values } = valuesIn(project.read(file) ?? '', seenFrom(project, folder, entry));
    for (const [name, value] of Object.entries(values)) found[name] ??= value;
    if (root) break;
  }
  return { values: found, read };
}

function settingsFrom(values: Record<string, string>): Settings {
  const { indent_style: indent, indent_size: size, tab_width: tab, max_line_length: width, end_of_line: eol } = values;
  const wide = size === 'tab' || size === undefined ? tab : size;
  return {
    ...((indent === 'tab' || indent === 'space') && { useTabs: indent === 'tab' }),
    ...(Number(wide) > 0 && { tabWidth: Number(wide) }),
    ...(Number(width) > 0 && { printWidth: Number(width) }),
    ...(eol && { endOfLine: eol }),
  };
}

/** Longer lines than an editor has to read. */
const longest = 4096;

/** The values of the sections that name the file, a later one over an earlier one. */
function valuesIn(text: string, file: string): { root: boolean; values: Record<string, string> } {
  const values: Record<string, string> = {};
  let [root, applies, inSection] = [false, false, false];
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const read = readLine(line.length > longest ? '' : line.trim());
    if (!read) continue;
    if ('section' in read) [inSection, applies] = [true, isNamed(read.section, file)];
    else if (!inSection) root ||= read.name === 'root' && read.value === 'true';
    else if (applies) values[read.name] = read.value;
  }
  return { root, values };
}

/** The pattern of a section, or a pair; null for a comment, an empty line and what is neither. */
function readLine(line: string): { section: string } | { name: string; value: string } | null {
  if (line === '' || /^[#;]/.test(line)) return null;
  const section = /^\[(.+)\]$/.exec(withoutComment(line).trimEnd())?.[1];
  if (section !== undefined) return { section };
  const at = line.search(/[=:]/);
  if (at < 0) return null;
  const value = withoutComment(line.slice(at + 1)).trim();
  return { name: line.slice(0, at).trim().toLowerCase(), value: value.toLowerCase() };
}

function withoutComment(text: string): string {
  return text.replace(/\s[#;].*$/, '');
}

/** A pattern without a slash means a name in any folder; with one, a path from the folder of the .editorconfig. */
function isNamed(pattern: string, file: string): boolean {
  if (!pattern.includes('/')) return compileGlob(pattern, editorConfigGlob)(path.posix.basename(file));
  return compileGlob(pattern.replace(/^\//, ''), editorConfigGlob)(file);
}
