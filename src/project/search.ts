import { isRefused, type ReadRefusal, reasonOf } from './door.ts';
import { inFolder, type Project } from './project.ts';

/** A text in which one of the words stands. */
export interface Hit {
  file: string;
  text: string;
}

/** The files that were searched. `left`: what was not, and why, as a sentence; null where all was searched. */
interface Searched {
  files: string[];
  left: string | null;
}

/** Where to search, and for what. A tsconfig is a hit whatever stands in it. */
export interface Search {
  base: string;
  words: readonly string[];
  /** Files that do not count, as paths from the package. */
  except: readonly string[];
  /** Names of files and folders that do not count, wherever they stand: what a package manager keeps. */
  passing: readonly string[];
  /** Names that stand among what was installed: a folder that holds one does not count, whatever it is called. */
  installed: readonly string[];
  /** A folder that does not count. */
  without?: string;
  /** Milliseconds; a large repository is searched within them, or it is said what was left. */
  limit?: number;
}

/** How long a search may take where nothing else is said, in ms. */
const usual = 10_000;

/** Texts that may read a variable, or import a package: programs in any language. */
const code = /\.(?:[mc]?[jt]sx?|vue|svelte|astro|mdx|prisma|sh|bash|py|rb|go|php|rs|sql)$/;
/** Texts that may name a variable or a package for a tool, a server or a container. */
const config = /\.(?:json[c5]?|ya?ml|toml|tf|conf|service)$|^(?:Dockerfile|Containerfile|Procfile|Makefile|justfile)/;
/** What is made from other files, or is not the project's own. */
const passed = /^(?:node_modules|\.git|dist|coverage|\.next|\.nuxt|\.svelte-kit|\.turbo|\.cache|\.flue-add)$/;
/** Manifests are read as data, and what stands in an env file is its owner's. */
const readElsewhere = /^(?:package\.json|\.env.*)$/;
/** Larger than anything that people write: a bundle, or data. */
const largest = 5_000_000;

/**
 * Searches every text below a folder for words, but for manifests, lockfiles and env files, and hands on those in which
 * one stands. Each file is read once, for its bytes, and not kept.
 */
export function searchTexts(project: Project, search: Search, visit: (hit: Hit) => void): Searched {
  const { base, words, limit = usual } = search;
  const end = performance.now() + limit;
  const wanted = words.map((word) => Buffer.from(word));
  const files: string[] = [];
  const folders = [base];
  let left: string | null = null;
  for (const [index, folder] of folders.entries()) {
    if (performance.now() > end) return { files, left: leftOver(folders.slice(index), limit) };
    for (const file of textsIn(project, folder, search, folders)) {
      const bytes = project.peek(file);
      left ??= whyUnsearched(file, bytes);
      if (bytes === null || isRefused(bytes) || bytes.length > largest) continue;
      files.push(file);
      if (isTsconfig(file) || wanted.some((word) => bytes.includes(word)))
        visit({ file, text: bytes.toString('utf8') });
    }
    if (!project.isWhole(folder)) left ??= `\`${folder}\` holds more than is listed`;
  }
  return { files, left };
}

/** The files in a folder that may be texts; the folders in it are added to those that are still to be searched. */
function* textsIn(project: Project, folder: string, search: Search, folders: string[]): Generator<string> {
  const { except, passing, installed, without } = search;
  const entries = project.list(folder);
  if (entries.some(({ name }) => installed.includes(name))) return;
  for (const { name, kind } of entries) {
    if (passing.includes(name)) continue;
    const file = inFolder(folder, name).replace(/^\.\//, '');
    if (kind === 'folder' && !passed.test(name) && file !== without) folders.push(file);
    const isText = (code.test(name) || config.test(name)) && !readElsewhere.test(name);
    if (kind === 'file' && isText && !except.includes(file)) yield file;
  }
}

/** Nobody names a package in megabytes; of anything else that is not read nobody knows. */
function whyUnsearched(file: string, read: Buffer | ReadRefusal | null): string | null {
  if (!isRefused(read) || read.reason === 'too-large') return null;
  return `\`${file}\` was not searched: ${reasonOf(read)}`;
}

/** `tsconfig.json`, `tsconfig.app.json`. */
export function isTsconfig(file: string): boolean {
  return /(?:^|\/)tsconfig[\w.-]*\.json$/.test(file);
}

function leftOver(folders: readonly string[], limit: number): string {
  const seconds = Math.round(limit / 1000);
  const more = folders.length > 1 ? ` and ${folders.length - 1} more` : '';
  return `after ${seconds} s not all was searched; \`${folders[0]}\`${more} is left`;
}
