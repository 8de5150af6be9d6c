import { posix } from 'node:path';
import { readDotenv } from '../../edit/dotenv/read.ts';
import { isTracked } from '../../project/git.ts';
import type { DocVariable, LeftAlone } from '../../types/env-docs.ts';
import { type Convention, conventionDefaults, type ProjectView } from './convention.ts';
import { variablesIn } from './dotenv.ts';
import { mapFile } from './keyed/node-config.ts';
import { docOf, evidenceAt } from './left-alone.ts';
import { filesNamed } from './secret-managers.ts';

/** A file in which values are in use: what stands there is what the program runs with, so nothing is written. */
interface Values {
  name: string;
  paths(view: ProjectView): string[];
  because: string;
  /** `entry`: the name of the file that the host opens the database in. */
  leftAlone(entry: string): LeftAlone;
  /** The variables of which its text speaks; by default it is not read. */
  variables?: (text: string) => DocVariable[];
}

const files: Values[] = [
  {
    name: 'env-defaults',
    paths: (view) => filesNamed(view, /^\.env\.defaults$/),
    because: 'it holds live values',
    leftAlone: () => ({ code: 'values', message: 'values are not written' }),
    variables: assignedIn,
  },
  {
    name: 'node-config',
    paths: (view) => filesNamed(view, mapFile),
    because: 'node-config maps variables',
    leftAlone: (entry) => ({ code: 'unreachable', message: `\`${entry}\` reads the variable itself` }),
    variables: mappedIn,
  },
  {
    name: 'direnv',
    paths: (view) => filesNamed(view, /^\.envrc[._-](?:example|sample|template|dist)$/),
    because: 'direnv runs it',
    leftAlone: () => ({ code: 'values', message: 'it is a shell script that direnv runs' }),
    variables: assignedIn,
  },
  {
    name: 'env-cmd',
    paths: (view) => filesNamed(view, /^\.env-cmdrc(?:\.json)?$/),
    because: 'env-cmd reads it',
    leftAlone: () => ({ code: 'values', message: 'values are not written' }),
  },
  {
    name: 'mise',
    paths: (view) =>
      filesNamed(view, /^\.?mise(?:\.[\w-]+)?\.toml$/).filter((path) =>
        /^\s*\[env\]/m.test(evidenceAt(view.project, path) ?? ''),
      ),
    because: 'mise sets what stands in `[env]`',
    leftAlone: () => ({ code: 'values', message: 'values are not written' }),
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

function assignedIn(text: string): DocVariable[] {
  const read = readDotenv(text);
  return variablesIn('refused' in read ? read.lines : read);
}

/** The values of a map from names of the program's own, as data or code. */
function mappedIn(text: string): DocVariable[] {
  const names = [...text.matchAll(/[:=]\s*(["']?)([A-Z][A-Z0-9_]{2,})\1(?=[\s,}]|$)/g)].map((match) => match[2]!);
  return [...new Set(names)].map((name) => ({ name, live: true, scheme: null }));
}

/** Files of values that are in use: named, never edited. What they say of variables is evidence all the same. */
export const values: readonly Convention[] = files.map(({ name, paths, because, leftAlone, variables = none }) => ({
  ...conventionDefaults,
  name,
  kind: 'named',
  declare: null,
  find: (view) => {
    const why = leftAlone(posix.basename(view.entry));
    return paths(view).map((path) => {
      const text = variables === none ? null : evidenceAt(view.project, path);
      return docOf({ path, kind: name, variables: variables(text ?? ''), because }, '', why);
    });
  },
}));

function none(): DocVariable[] {
  return [];
}
