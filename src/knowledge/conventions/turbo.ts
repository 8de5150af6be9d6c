import { strings } from '../../edit/json/list.ts';
import { taskLists } from './task-lists.ts';

/**
 * Lists of turbo.json through which variables reach a task; strict mode strips every other. `web#build` is another
 * package's.
 */
const passing = /^(?:globalEnv|globalPassThroughEnv|(?:tasks|pipeline)\.[^\s#]+\.(?:env|passThroughEnv))$/;

/** turbo.json: the variables that reach a task. */
export const turbo = taskLists({
  name: 'turbo',
  files: /^turbo\.jsonc?$/,
  isOurs: (path) => passing.test(path.join('.')),
  isGlobal: ([first]) => /^global/.test(first!),
  form: strings,
  because: 'Turborepo passes on only the variables it lists',
  covers: (entry, name) => !entry.startsWith('!') && entry.includes('*') && matches(entry.split('*'), name),
  // https://turborepo.dev/docs/reference/configuration#negation
  excludes: (entry, name) => entry.startsWith('!') && matches(entry.slice(1).split('*'), name),
});

/** Whether a name is made of these parts, in order, with anything between them. */
function matches([first = '', ...rest]: string[], name: string): boolean {
  if (rest.length === 0) return name === first;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const [index, part] of rest.entries()) {
    const at = index === rest.length - 1 ? name.length - part.length : name.indexOf(part, from);
    if (at < from || !name.startsWith(part, at)) return false;
    from = at + part.length;
  }
  return true;
}
