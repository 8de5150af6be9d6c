import { type ExecFileException, execFile } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '..');
export const bin = path.join(root, 'bin/flue.js');

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Surroundings {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** The Node binary to run it with. */
  node?: string;
  uid?: number;
  /** By which of its names it is started. */
  program?: 'flue' | 'flue-db';
}

/** Runs the built bin as an agent would: stdin closed, no terminal. */
export function flue(
  args: readonly string[],
  { cwd, env, node = process.execPath, uid, program = 'flue' }: Surroundings,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string) =>
      resolve({ code: exitCodeOf(error), stdout, stderr });
    const options = {
      cwd,
      env: { ...process.env, NODE_EXTRA_CA_CERTS: '', ...env },
      maxBuffer: 1 << 26,
      ...(uid && { uid, gid: uid }),
    };
    execFile(node, [path.join(root, `bin/${program}.js`), ...args], options, done).stdin?.end();
  });
}

function exitCodeOf(error: ExecFileException | null): number {
  if (!error) return 0;
  return typeof error.code === 'number' ? error.code : 1;
}

/** A new folder with a `.git` in it, so that nothing above it is looked at. */
export function scratch(name = 'case'): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), `flue-${name}-`)));
  mkdirSync(path.join(folder, '.git'));
  return folder;
}

/** A project made of the given folders, each laid over the one before. */
export function projectFrom(...sources: string[]): string {
  const folder = scratch();
  for (const source of sources) cpSync(source, folder, { recursive: true, verbatimSymlinks: true });
  return folder;
}

/** Every file of a folder with its bytes (as latin1, so that any byte shows), links with where they lead. */
export function treeOf(folder: string, ignore: readonly string[] = ['.git']): Record<string, string> {
  const tree: Record<string, string> = {};
  const walk = (relative: string) => {
    for (const name of readdirSync(path.join(folder, relative)).sort()) {
      const at = path.posix.join(relative, name);
      if (ignore.includes(name)) continue;
      const absolute = path.join(folder, at);
      const stat = lstatSync(absolute);
      if (stat.isSymbolicLink()) tree[at] = `-> ${readlinkSync(absolute)}`;
      else if (stat.isDirectory()) walk(at);
      else tree[at] = readFileSync(absolute, 'latin1');
    }
  };
  walk('.');
  return tree;
}
