import { posix } from 'node:path';
import type { Value } from '../../../code/config.ts';
import { Problem } from '../../../problem.ts';
import { inFolder, type Project } from '../../../project/project.ts';
import type { Found } from '../../../types/facts.ts';

/** The longest name of a file that the usual file systems take, in bytes. */
const longest = 255;

/**
 * A folder that a config names (`root`), from the package folder. `from`: the folder that the name is seen from. Raises
 * `cannot-parse` where it is computed, or no place inside the project that a folder can have.
 */
export function folderNamed(project: Project, from: string, said: Said): Found<string> {
  const literal = literalOf(said);
  return { value: placeOf(project, from, literal === '' ? '.' : literal, said), because: becauseOf(said) };
}

/** A module that a config names (`db`); the same, and it must be a module's name. */
export function moduleNamed(project: Project, from: string, said: Said): Found<string> {
  const value = placeOf(project, from, literalOf(said), said);
  if (!/(?:^|\/)[^/]+\.[mc]?[jt]sx?$/.test(value))
    throw misplaced(said, 'is no module', 'name a module with its extension, such as `./src/db.ts`');
  return { value, because: becauseOf(said) };
}

/** An option of a config file, and what it holds. */
interface Said {
  path: string;
  option: string;
  value: Value;
}

function literalOf({ path, option, value }: Said): string {
  if (typeof value === 'object') return value.literal;
  throw new Problem(
    'cannot-parse',
    `\`${option}\` in \`${path}\` is computed, so it does not tell where the db entry belongs`,
    'write its value there literally; nothing of the project is run to find out',
  );
}

/** Folders in which nothing of a project's own stands. */
const foreign = /^(?:\.git|node_modules|\.flue-add)$/i;

function placeOf(project: Project, from: string, literal: string, said: Said): string {
  const control = [...literal].some((one) => one < ' ' || one === '\u007f');
  const value = posix.normalize(inFolder(from, literal)).replace(/(?<=.)\/$/, '');
  const parts = value.split('/');
  if (literal === '' || control || parts.some((part) => Buffer.byteLength(part) > longest || foreign.test(part)))
    throw misplaced(said, 'is no place for it', 'name a place among the files of the project; nothing was changed');
  const outside = posix.isAbsolute(literal) ? literal : project.outside(value);
  if (outside)
    throw misplaced(
      said,
      `points to \`${outside}\`, outside this project`,
      'name a place inside it; nothing was changed',
    );
  return value;
}

function misplaced(said: Said, why: string, hint: string): Problem {
  return new Problem('cannot-parse', `${becauseOf(said)} ${why}`, hint);
}

function becauseOf({ path, option }: Said): string {
  return `\`${option}\` in \`${path}\``;
}
