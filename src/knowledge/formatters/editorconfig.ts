import path from 'node:path';
import { inFolder, type Project, wayTo } from '../../project/project.ts';
import type { Settings } from './index.ts';

/** What the .editorconfig files upward say of the file at `entry`, in Prettier's words; the nearer file wins. */
export async function editorSettings(
  project: Project,
  entry: string,
): Promise<{ settings: Settings; because: string | null }> {
  const said: Record<string, string> = {};
  const read: string[] = [];
  for (const folder of project.upward) {
    const found = project.list(folder).some(({ name, kind }) => name === '.editorconfig' && kind !== 'folder');
    if (!found) continue;
    const file = inFolder(folder, '.editorconfig');
    read.push(file);
    const { root, values } = await valuesIn(project.read(file) ?? '', project, folder, entry);
    for (const [name, value] of Object.entries(values)) said[name] ??= value;
    if (root) break;
  }
  const { indent_style: indent, indent_size: size, tab_width: tab, max_line_length: width, end_of_line: eol } = said;
  const wide = size === 'tab' || size === undefined ? tab : size;
  const settings = {
    ...(indent !== undefined && { useTabs: indent === 'tab' }),
    ...(Number(wide) > 0 && { tabWidth: Number(wide) }),
    ...(Number(width) > 0 && { printWidth: Number(width) }),
    ...(eol && { endOfLine: eol }),
  };
  return { settings, because: Object.keys(settings).length > 0 ? read.join(' and ') : null };
}

async function valuesIn(
  text: string,
  project: Project,
  folder: string,
  entry: string,
): Promise<{ root: boolean; values: Record<string, string> }> {
  const values: Record<string, string> = {};
  let [root, applies, inSection] = [false, false, false];
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    if (section) [inSection, applies] = [true, await isFor(section, project, folder, entry)];
    const [, name, value] = /^\s*([\w-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (!name || value === undefined) continue;
    if (!inSection) root ||= name.toLowerCase() === 'root' && value.toLowerCase() === 'true';
    else if (applies) values[name.toLowerCase()] = value.toLowerCase();
  }
  return { root, values };
}

/** Whether one of the patterns, as a config in `folder` means them, names the file: by its name alone, or with a slash by its path. */
export async function isFor(patterns: unknown, project: Project, folder: string, entry: string): Promise<boolean> {
  const { default: picomatch } = await import('picomatch');
  const file = wayTo(path.join(project.root, folder), path.join(project.root, entry));
  const given = [patterns].flat().filter((one): one is string => typeof one === 'string' && one !== '');
  return given.some((one) =>
    one.includes('/') ? picomatch(one.replace(/^\.?\//, ''))(file) : picomatch(one)(path.posix.basename(file)),
  );
}
