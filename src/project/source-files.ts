import type { FolderEntry } from './door.ts';
import { inFolder, type Project } from './project.ts';

const limits = { files: 1500, folders: 2000 };
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
/** What a module or its folder is called that reads the environment or connects: where not all is read, this is. */
const telling = new RegExp(
  [
    '(?:^|[/._-])(?:env|environments?|configs?|configuration|settings|db|database|data-?source|connection|client)',
    '(?=[/._-])[^/]*(?:/[^/]*)?$',
  ].join(''),
  'i',
);
/** Code beside the program: what it does with a variable says nothing of what the program does. */
export const aside = new RegExp(
  [
    /(?:^|\/)(?:__tests__|__mocks__|tests?|specs?|e2e|examples?|scripts|benchmarks?)\//,
    /\.(?:test|spec|e2e|stories)\.\w+$/,
    /(?:^|\/)(?:vitest|jest|playwright)[\w.-]*\.\w+$/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** `complete`: whether there are no more. */
export interface SourceFiles {
  files: string[];
  complete: boolean;
}

/**
 * The files of a package's own code: those named as `first`, then those that are called as what reads the environment
 * or connects, then the nearest, no more than the limits. Folders of other packages are theirs. `top`: the package's
 * folder.
 */
export function sourceFiles(project: Project, sourceRoot: string, first: readonly string[], top = '.'): SourceFiles {
  const folders = new Set([sourceRoot, top]);
  const files = new Set([...first, ...codeBelow(project, folders, top)]);
  const within = mostTelling([...files], first.length);
  // What is not read (too large, not regular) is not searched, and then not all was.
  const read = within.filter((file) => !project.refusal(file));
  const isWalked = folders.size <= limits.folders && [...folders].every(project.isWhole);
  return { files: read, complete: isWalked && read.length === files.size };
}

/** No more than so many of a package's own code files, the nearest first: their paths alone, as nothing is read. */
export function* nearestFiles(project: Project, sourceRoot: string, most: number): Generator<string> {
  let given = 0;
  for (const file of codeBelow(project, new Set([sourceRoot, '.']), '.')) {
    if (given === most) return;
    given += 1;
    yield file;
  }
}

/** The code files in folders, and in those below that are the package's own, which are added to the folders. */
function* codeBelow(project: Project, folders: Set<string>, top: string): Generator<string> {
  let walked = 0;
  for (const folder of folders) {
    if (walked >= limits.folders) return;
    walked += 1;
    const entries = project.list(folder);
    if (folder !== top && entries.some(({ name }) => name === 'package.json')) continue;
    for (const { name } of entries.filter(isCode)) yield inFolder(folder, name);
    const own = entries.filter((one) => mayHoldCode(one) && !(folder === top && ofOthers.test(one.name)));
    for (const { name } of own) folders.add(inFolder(folder, name));
  }
}

/** As many files as are read, in their order: the first ones, the telling ones, then the nearest. */
function mostTelling(files: readonly string[], first: number): readonly string[] {
  if (files.length <= limits.files) return files;
  const ahead = files.filter((file, index) => index < first || telling.test(file));
  const read = new Set([...new Set([...ahead, ...files])].slice(0, limits.files));
  return files.filter((file) => read.has(file));
}

function isCode({ name, kind }: FolderEntry): boolean {
  return kind === 'file' && code.test(name) && !/\.d\.[mc]?ts$/.test(name);
}

function mayHoldCode({ name, kind }: FolderEntry): boolean {
  return kind === 'folder' && !name.startsWith('.') && !passed.has(name);
}
