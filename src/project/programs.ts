import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { kindOf } from './door.ts';

/**
 * Whether a program of that name can be started: it is in one of the folders of PATH. Nothing is started for it, and nothing is looked for
 * in the current folder.
 * @param env whose PATH (and on Windows PATHEXT) counts
 */
export function isOnPath(name: string, env: NodeJS.ProcessEnv = process.env): boolean {
  const windows = process.platform === 'win32';
  const { PATH = '', PATHEXT = '.EXE;.CMD;.BAT;.COM' } = windows ? { ...env, PATH: env.Path ?? env.PATH } : env;
  const endings = windows ? PATHEXT.split(';') : [''];
  return PATH.split(path.delimiter).some(
    (folder) => path.isAbsolute(folder) && endings.some((ending) => isProgram(path.join(folder, name + ending))),
  );
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
