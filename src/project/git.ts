import path from 'node:path';
import { type Project, wayTo } from './project.ts';

/**
 * Whether git leaves a file out: a pattern of a .gitignore between the repository's root and the file ignores it, and the index does not
 * track it all the same. `file` as in `Facts`.
 */
export async function isIgnored(project: Project, file: string): Promise<boolean> {
  const inside = fromTop(project, file);
  const folders = foldersOf(inside);
  const rules = folders.flatMap((folder) => {
    const text = project.read(path.posix.join(project.upward.at(-1)!, folder, '.gitignore'));
    return text ? [{ folder, text }] : [];
  });
  if (!rules.some(({ text }) => mentions(text, inside))) return false;
  const { default: ignore } = await import('ignore');
  let ignored = false;
  for (const { folder, text } of rules) {
    const found = ignore()
      .add(text)
      .test(folder === '.' ? inside : path.posix.relative(folder, inside));
    ignored = found.ignored || (ignored && !found.unignored);
  }
  return ignored && !isTracked(project, file);
}

/** Whether git's index has the file. It holds whole paths, each between binary fields (formats 2 and 3). */
export function isTracked(project: Project, file: string): boolean {
  const index = project.read(path.posix.join(project.upward.at(-1)!, '.git/index'));
  return index?.includes(`${fromTop(project, file)}\0`) ?? false;
}

/** The path from the repository's root. */
function fromTop(project: Project, file: string): string {
  const top = path.resolve(project.root, project.upward.at(-1)!);
  return wayTo(top, path.resolve(project.root, file));
}

function foldersOf(file: string): string[] {
  const parts = path.posix
    .dirname(file)
    .split('/')
    .filter((part) => part !== '.');
  return ['.', ...parts.map((_, i) => parts.slice(0, i + 1).join('/'))];
}

/** Whether any pattern could speak of the path at all: most say nothing of a template, and the matcher need not be loaded. */
function mentions(rules: string, file: string): boolean {
  return rules.split('\n').some((line) => {
    const last = line.trim().replace(/^!/, '').replace(/\/$/, '').split('/').at(-1)!;
    if (last === '' || line.startsWith('#')) return false;
    const pattern = last.replace(/[.+^${}()|\\]/g, '\\$&').replace(/[*?]+|\[[^\]]*\]/g, '.*');
    return file.split('/').some((part) => new RegExp(`^${pattern}$`).test(part));
  });
}
