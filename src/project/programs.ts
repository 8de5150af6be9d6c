import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { kindOf } from './door.ts';

/**
 * Where a program of that name is: its file in the first folder of PATH that has it, or null. Nothing is started for
 * it, and nothing is looked for in the current folder.
 * @param env whose PATH (and on Windows PATHEXT) counts
 */
export function programOnPath(name: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const windows = process.platform === 'win32';
  const { PATH = '', PATHEXT = '.EXE;.CMD;.BAT;.COM' } = windows ? { ...env, PATH: env.Path ?? env.PATH } : env;
  const endings = windows ? PATHEXT.split(';') : [''];
  const folders = PATH.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const files = folders.flatMap((folder) => endings.map((ending) => path.join(folder, name + ending)));
  return files.find(isProgram) ?? null;
}

/** Whether a program of that name can be started. */
export function isOnPath(name: string, env?: NodeJS.ProcessEnv): boolean {
  return programOnPath(name, env) !== null;
}

function isProgram(file: string): boolean {
  if (kindOf(file) !== 'file') return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
