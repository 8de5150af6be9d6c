import { Problem } from '../problem.ts';

/** The folder in which the program was started. Raises `not-a-project` where it has been deleted meanwhile. */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new Problem(
      'not-a-project',
      'the current folder has been deleted',
      'go to a folder that is there: `cd <dir>`',
    );
  }
}
