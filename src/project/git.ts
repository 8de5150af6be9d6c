import path from 'node:path';
import { hasInIndex } from './git-index.ts';
import { isLeftOut } from './gitignore.ts';
import { inFolder, type Project, wayTo } from './project.ts';

/**
 * Whether git leaves a file out: a pattern of a .gitignore between the repository's root and the file, or of
 * `info/exclude`, ignores it, and the index does not track it all the same. What a person ignores everywhere
 * (`core.excludesFile`) is theirs and says nothing of the project. Git itself is not started: a repository may name
 * programs for it to run. `file` as in `Facts`.
 */
export async function isIgnored(project: Project, file: string): Promise<boolean> {
  const top = project.upward.at(-1)!;
  const inside = fromTop(project, file);
  const repository = repositoryOf(project);
  const folders = foldersOf(inside).flatMap((folder) => {
    const text = readText(project, path.posix.join(top, folder, '.gitignore'));
    return text ? [{ folder, text }] : [];
  });
  const exclude = repository && readText(project, inFolder(repository.common, 'info/exclude'));
  if (folders.length === 0 && !exclude) return false;
  const whole = exclude ? [{ folder: '.', text: exclude }] : [];
  const options = { ignoreCase: repository ? settingOf(project, repository, 'core', 'ignorecase') === 'true' : false };
  return isLeftOut(inside, folders, whole, options) && !isTracked(project, file);
}

/**
 * Whether git's index has the file; false also where that cannot be known, as in an index of an unknown format or below
 * a folder that a sparse checkout leaves out.
 */
export function isTracked(project: Project, file: string): boolean {
  const repository = repositoryOf(project);
  if (!repository) return false;
  const bytes = (name: string) => bytesOf(project, inFolder(repository.own, name));
  const index = bytes('index');
  const sha256 = index !== null && settingOf(project, repository, 'extensions', 'objectformat') === 'sha256';
  const shared = (name: string) => bytes(`sharedindex.${name}`);
  return index !== null && hasInIndex(index, fromTop(project, file), { hash: sha256 ? 32 : 20, shared });
}

/**
 * Where git keeps what it knows of this checkout (`own`: the index), and of the repository (`common`: settings,
 * exclude).
 */
interface GitFolders {
  own: string;
  common: string;
}

/**
 * In a worktree and in a submodule `.git` is a file that names the folder, and a worktree's folder names the common
 * one.
 */
function repositoryOf(project: Project): GitFolders | null {
  const at = path.posix.join(project.upward.at(-1)!, '.git');
  if (!project.has(at)) return null;
  if (project.isFolder(at)) return { own: at, common: at };
  const named = /^gitdir: ([^\n\0]+)/.exec(readText(project, at) ?? '')?.[1]?.trimEnd();
  if (!named) return null;
  const own = from(project, project.upward.at(-1)!, named);
  const common = readText(project, inFolder(own, 'commondir'))?.split('\n')[0]?.trimEnd();
  return { own, common: common ? from(project, own, common) : own };
}

/** A path that git wrote down, absolute or from a folder, as one from the package. */
function from(project: Project, folder: string, named: string): string {
  return wayTo(project.root, path.resolve(project.root, folder, named)) || '.';
}

/** The last value of a setting in the repository's own config, in lower case; null where it is not there. */
function settingOf(project: Project, { common }: GitFolders, section: string, key: string): string | null {
  let inSection = false;
  let value: string | null = null;
  for (const line of (readText(project, inFolder(common, 'config')) ?? '').split('\n')) {
    const [, header, rest] = /^\s*\[\s*([\w.-]+)\s*\](.*)$/.exec(line) ?? [];
    if (header !== undefined) inSection = header.toLowerCase() === section;
    else if (/^\s*\[/.test(line)) inSection = false;
    const [, name, given] = /^\s*([A-Za-z][\w-]*)(?:\s*=\s*"?([\w.-]*))?/.exec(rest ?? line) ?? [];
    if (inSection && name?.toLowerCase() === key) value = (given ?? 'true').toLowerCase();
  }
  return value;
}

/** What cannot be read is as if it were not there: git's own files are no business of the person's here. */
function bytesOf(project: Project, file: string): Buffer | null {
  try {
    return project.has(file) ? project.bytes(file) : null;
  } catch {
    return null;
  }
}

function readText(project: Project, file: string): string | null {
  return bytesOf(project, file)?.toString('utf8') ?? null;
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
