import { posix } from 'node:path';
import { isTracked } from '../../project/git.ts';
import type { LeftAlone } from '../../types/env-docs.ts';
import { type Convention, type ProjectView, usual } from './convention.ts';
import { docOf } from './left-alone.ts';
import { filesNamed } from './secret-managers.ts';

/** A file in which values are in use: what stands there is what the program runs with, so nothing is written. */
interface Values {
  name: string;
  paths(view: ProjectView): string[];
  because: string;
  /** `entry`: the name of the file that the host opens the database in. */
  leftAlone(entry: string): LeftAlone;
}

const files: Values[] = [
  {
    name: 'env-defaults',
    paths: (view) => filesNamed(view, /^\.env\.defaults$/),
    because: 'it holds live values',
    leftAlone: () => ({ code: 'values', message: 'values are not written' }),
  },
  {
    name: 'node-config',
    paths: (view) => filesNamed(view, /^custom-environment-variables\.(?:json5?|ya?ml)$/),
    because: 'node-config maps variables',
    leftAlone: (entry) => ({ code: 'unreachable', message: `\`${entry}\` reads the variable itself` }),
  },
  {
    name: 'values',
    paths: ({ project }) =>
      project
        .list('.')
        .filter(({ name }) => /^\.env(?:\.local)?$/.test(name) && isTracked(project, name))
        .map(({ name }) => name)
        .slice(0, 1),
    because: 'it is committed',
    leftAlone: () => ({ code: 'values', message: 'it holds values, which are neither read nor written' }),
  },
];

/** Files of values that are in use: named, never edited. */
export const values: readonly Convention[] = files.map(({ name, paths, because, leftAlone }) => ({
  ...usual,
  name,
  kind: 'named',
  declare: null,
  find: (view) => {
    const why = leftAlone(posix.basename(view.entry));
    return paths(view).map((path) => docOf({ path, kind: name, variables: [], because }, '', why));
  },
}));
