import path from 'node:path';
import { inFolder, type Project } from '../../../project/project.ts';
import { type Command, flagIn, programOf } from '../../../project/scripts.ts';
import type { Target } from '../../../types/facts.ts';

/** Flue's config names, the first one present wins (0.10.0 to 2.1.0). */
const flueConfigs = ['ts', 'mts', 'mjs', 'js', 'cjs', 'cts'].map((extension) => `flue.config.${extension}`);

/** Vite's config names, in its own order (5 to 8). */
const viteConfigs = ['js', 'mjs', 'ts', 'cjs', 'mts', 'cts'].map((extension) => `vite.config.${extension}`);

/**
 * A script's command that runs Flue: by Flue's own program, or at 2.x by Vite. Folders and files from the package
 * folder.
 */
export interface FlueRun {
  command: Command;
  program: 'flue' | 'vite';
  /** What it is told to do: `dev`, `build`, `run`, `preview`. */
  task: string;
  /** The root that the command itself names, or null. */
  root: string | null;
  /** The config file that it loads, where there is one. */
  config: string | null;
}

/** How a command runs Flue or Vite; null where it does neither. */
export function flueRun(project: Project, command: Command): FlueRun | null {
  const programs = command.words.map(programOf);
  const at = programs.findIndex((name, index) => name === 'vite' || isFlue(name, command.words[index]!));
  if (at < 0) return null;
  const rest = command.words.slice(at + 1);
  const vite = programs[at] === 'vite';
  const { task, root: named } = vite ? viteArguments(rest) : { task: rest[0] ?? '', root: flagIn(rest, '--root') };
  const root = named === null ? null : from(command.cwd, named);
  const asked = flagIn(rest, '--config', ...(vite ? ['-c'] : []));
  const folder = root ?? command.cwd;
  const usual = configFileIn(project, folder, vite ? 'vite' : 'flue');
  const config = asked === null ? usual : from(command.cwd, asked);
  return { command, program: vite ? 'vite' : 'flue', task, root, config };
}

/** The config that Flue or Vite would find in a folder. */
export function configFileIn(project: Project, folder: string, whose: 'flue' | 'vite'): string | null {
  const names = whose === 'flue' ? flueConfigs : viteConfigs;
  return names.map((name) => inFolder(folder, name)).find((file) => project.has(file)) ?? null;
}

/**
 * Files that are a Vite config by their name: Vite's own, and those for one build of several (`vite.node.config.ts`,
 * `vite.config.node.ts`).
 */
export function viteConfigsIn(project: Project, folder: string): string[] {
  return project
    .list(folder)
    .filter(({ name }) => /^vite(?:\.[\w-]+)*\.config(?:\.[\w-]+)*\.[mc]?[jt]s$/.test(name))
    .map(({ name }) => inFolder(folder, name));
}

/** `flue`, also as `@flue/cli`, as which npx and its kin take it. */
function isFlue(program: string, word: string): boolean {
  return program === 'flue' || /^@flue\/cli(?:@|$)/.test(word);
}

/** Vite's flags that take no word behind them; every other one may (cac, as Vite 5 to 8 set it up). */
const plain = 'force|strictPort|cors|clearScreen|emptyOutDir|watch|app|profile|experimentalBundle';
const plainFlags = new RegExp(String.raw`^(?:--(?:${plain})|-w|--[\w-]+=.*|--no-.*)$`);

/** `vite [dev|serve|build|preview|optimize] [root] [flags]` */
function viteArguments(words: readonly string[]): { task: string; root: string | null } {
  const places: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    if (word === '--') break;
    if (!word.startsWith('-')) places.push(word);
    else if (!plainFlags.test(word) && !words[i + 1]?.startsWith('-')) i += 1;
  }
  const [first = ''] = places;
  const task = /^(?:dev|serve|build|preview|optimize)$/.test(first) ? places.shift()! : 'dev';
  return { task: task === 'serve' ? 'dev' : task, root: places[0] ?? null };
}

function from(cwd: string, named: string): string {
  return path.posix.normalize(path.posix.join(cwd, named.replaceAll('\\', '/'))).replace(/(?<=.)\/$/, '');
}

/** Programs that have a `--target` of their own. */
const bundlers = /^(?:bun|esbuild|tsup|tsdown|rolldown|rollup|webpack|vite|swc|ncc|pkg|deno)$/;

/**
 * The target that a command names behind `dev`, `build` or `run`, also through a wrapper; null where it names none that
 * Flue knows.
 */
export function targetNamed({ words }: Command): Target | null {
  const task = words.findIndex(
    (word, index) => /^(?:dev|build|run)$/.test(word) && !bundlers.test(programOf(words[index - 1] ?? '')),
  );
  const target = task < 0 ? null : flagIn(words.slice(task), '--target');
  return target === 'node' || target === 'cloudflare' ? target : null;
}
