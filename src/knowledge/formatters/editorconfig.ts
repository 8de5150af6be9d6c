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
  const said: Record<string, string> = {};
  const read: string[] = [];
  for (const folder of project.upward) {
    const found = project.list(folder).some(({ name, kind }) => name === '.editorconfig' && kind !== 'folder');
    if (!found) continue;
    const file = inFolder(folder, '.editorconfig');
    read.push(file);
    const { root, values } = valuesIn(project.read(file) ?? '', seenFrom(project, folder, entry));
    for (const [name, value] of Object.entries(values)) said[name] ??= value;
    if (root) break;
  }
  const { indent_style: indent, indent_size: size, tab_width: tab, max_line_length: width, end_of_line: eol } = said;
  const wide = size === 'tab' || size === undefined ? tab : size;
  const settings = {
    ...((indent === 'tab' || indent === 'space') && { useTabs: indent === 'tab' }),
    ...(Number(wide) > 0 && { tabWidth: Number(wide) }),
    ...(Number(width) > 0 && { printWidth: Number(width) }),
    ...(eol && { endOfLine: eol }),
  };
  return { settings, because: Object.keys(settings).length > 0 ? read.join(' and ') : null };
}

/** Longer lines than an editor has to read. */
const longest = 4096;

/** The values of the sections that name the file, a later one over an earlier one. */
function valuesIn(text: string, file: string): { root: boolean; values: Record<string, string> } {
  const values: Record<string, string> = {};
  let [root, applies, inSection] = [false, false, false];
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const trimmed = line.length > longest ? '' : line.trim();
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue;
    const section = /^\[(.+)\]$/.exec(trimmed.replace(/\s[#;].*$/, '').trimEnd())?.[1];
    if (section !== undefined) [inSection, applies] = [true, isNamed(section, file)];
    const at = trimmed.search(/[=:]/);
    if (section !== undefined || at < 0) continue;
    const name = trimmed.slice(0, at).trim().toLowerCase();
    const value = trimmed
      .slice(at + 1)
      .replace(/\s[#;].*$/, '')
      .trim()
      .toLowerCase();
    if (!inSection) root ||= name === 'root' && value === 'true';
    else if (applies) values[name] = value;
  }
  return { root, values };
}

/** A pattern without a slash means a name in any folder; with one, a path from the folder of the .editorconfig. */
function isNamed(pattern: string, file: string): boolean {
  if (!pattern.includes('/')) return compileGlob(pattern, editorConfigGlob)(path.posix.basename(file));
  return compileGlob(pattern.replace(/^\//, ''), editorConfigGlob)(file);
}
