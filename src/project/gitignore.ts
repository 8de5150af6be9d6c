import { compileGlob, type GlobSyntax, gitGlob } from './glob.ts';

/** The patterns of one file, and the folder they count from (`.` is the repository's root). */
interface IgnoreFile {
  folder: string;
  text: string;
}

/** How git reads the patterns in a repository. */
interface IgnoreOptions {
  /** `core.ignoreCase`, which git sets where the disk does not tell cases apart. */
  ignoreCase: boolean;
}

interface Rule {
  negated: boolean;
  /** Only folders are meant. */
  folder: boolean;
  matches: (path: string) => boolean;
}

/**
 * Whether git leaves a file out that its index does not have, by the rules of gitignore(5): the nearest file and in it
 * the last pattern that matches decide, and nothing below a folder that is left out can come back. Time is linear in
 * the texts.
 * @param path from the repository's root
 * @param folders the .gitignore files from the root down to the path
 * @param whole what counts after them all, such as `info/exclude`
 */
export function isLeftOut(
  path: string,
  folders: readonly IgnoreFile[],
  whole: readonly IgnoreFile[],
  { ignoreCase }: IgnoreOptions,
): boolean {
  const parts = asBytes(path).split('/');
  const lists = [...whole.toReversed(), ...folders].map(({ folder, text }) => ({
    folder: folder === '.' ? '' : `${asBytes(folder)}/`,
    rules: rulesIn(asBytes(text), ignoreCase),
  }));
  return parts.some((_, i) => {
    const at = parts.slice(0, i + 1).join('/');
    const isFolder = i < parts.length - 1;
    for (const { folder, rules } of lists.toReversed()) {
      if (!at.startsWith(folder)) continue;
      const inside = at.slice(folder.length);
      const rule = rules.findLast((one) => (isFolder || !one.folder) && one.matches(inside));
      if (rule) return !rule.negated;
    }
    return false;
  });
}

/** Git matches bytes: one character for each. */
function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function rulesIn(text: string, ignoreCase: boolean): Rule[] {
  const bare = text.startsWith('\xEF\xBB\xBF') ? text.slice(3) : text;
  return bare.split('\n').flatMap((line) => ruleOf(line.endsWith('\r') ? line.slice(0, -1) : line, ignoreCase) ?? []);
}

function ruleOf(line: string, ignoreCase: boolean): Rule | null {
  if (line === '' || line.startsWith('#')) return null;
  const negated = line.startsWith('!');
  const trimmed = withoutTrailingSpaces(negated ? line.slice(1) : line);
  const folder = trimmed.endsWith('/');
  const pattern = folder ? trimmed.slice(0, -1) : trimmed;
  if (pattern === '') return null;
  return { negated, folder, matches: matcherOf(pattern, { ...gitGlob, ignoreCase }) };
}

/** Without a slash a pattern means a name at any depth; with one, a path from the folder of the file. */
function matcherOf(pattern: string, syntax: GlobSyntax): (path: string) => boolean {
  if (!pattern.includes('/')) {
    const matches = compileGlob(pattern, syntax);
    return (path) => matches(path.slice(path.lastIndexOf('/') + 1));
  }
  const anchored = pattern.replace(/^\//, '');
  // As git does: the plain beginning is compared first, and `**` after it counts as one at the beginning.
  const plain = /^[^*?[\\]*/.exec(anchored)![0];
  const matches = compileGlob(anchored.slice(plain.length), syntax);
  const begins = compileGlob(plain, syntax);
  return (path) => begins(path.slice(0, plain.length)) && matches(path.slice(plain.length));
}

/** Spaces at the end do not count, but for one behind a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end -= 1;
  let slashes = end;
  while (slashes > 0 && line[slashes - 1] === '\\') slashes -= 1;
  return (end - slashes) % 2 === 1 && end < line.length ? line.slice(0, end + 1) : line.slice(0, end);
}
