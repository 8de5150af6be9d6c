import type { Project } from './project.ts';

const limits = { files: 1500, folders: 800 };
const passed = new Set([
  'node_modules',
  'dist',
  'build',
  'out',
  'coverage',
  'vendor',
  'public',
  'fixtures',
  '__fixtures__',
]);
/** At the top of a package: what it makes other projects from. An application's own (of mails) stand among its code. */
const ofOthers = /^_{0,2}templates?(?:__)?$/;
const code = /\.(?:[mc]?[jt]sx?|prisma|vue|svelte|astro)$/;
/** Code beside the program: what it does with a variable says nothing of what the program does. */
export const aside =
  /(?:^|\/)(?:__tests__|__mocks__|tests?|specs?|e2e|examples?|scripts|benchmarks?)\/|\.(?:test|spec|e2e|stories)\.\w+$|(?:^|\/)(?:vitest|jest|playwright)[\w.-]*\.\w+$/;

/** `complete`: whether there are no more. */
export interface SourceFiles {
  files: string[];
  complete: boolean;
}

/**
 * The files of a package's own code: those named as `first`, then the nearest folders, no more than the limits. Folders
 * of other packages are theirs. `top`: the package's folder.
 */
export function sourceFiles(project: Project, sourceRoot: string, first: readonly string[], top = '.'): SourceFiles {
  const files = new Set(first);
  const folders = new Set([sourceRoot, top]);
  // What is not read (too large, not regular) is not searched, and then not all was.
  const readable = (complete: boolean): SourceFiles => {
    const within = [...files].slice(0, limits.files);
    const read = within.filter((file) => !project.refusal(file));
    return { files: read, complete: complete && read.length === within.length && [...folders].every(project.isWhole) };
  };
  let walked = 0;
  // What is added on the way is walked, too.
  for (const folder of folders) {
    if (walked >= limits.folders || files.size >= limits.files) return readable(false);
    walked += 1;
    const entries = project.list(folder);
    if (folder !== top && entries.some(({ name }) => name === 'package.json')) continue;
    for (const { name, kind } of entries) {
      const path = folder === '.' ? name : `${folder}/${name}`;
      if (kind === 'file' && code.test(name) && !/\.d\.[mc]?ts$/.test(name)) files.add(path);
      const own = !passed.has(name) && !(folder === top && ofOthers.test(name));
      if (kind === 'folder' && own && !name.startsWith('.')) folders.add(path);
    }
  }
  return readable(true);
}
