import type { EntryForm } from '../../edit/json/list.ts';
import { taskLists } from './task-lists.ts';

/** Lists in which Nx is told what a task depends on, in nx.json and in a package's project.json. */
const inputs = /^(?:namedInputs\.[^\s.]+|(?:targetDefaults|targets)\.[^\s]+\.inputs)$/;

/** `{ "env": "API_KEY" }` among patterns of files and other inputs. */
const environment: EntryForm = {
  nameOf: ({ type, children = [] }) => {
    if (type === 'string') return '';
    const [key, value] = children.length === 1 ? (children[0]!.children ?? []) : [];
    if (type !== 'object') return null;
    return key?.value === 'env' && value?.type === 'string' ? String(value.value) : '';
  },
  write: (name, neighbour) =>
    neighbour?.text.replace(JSON.stringify(neighbour.name), JSON.stringify(name)) ??
    `{ "env": ${JSON.stringify(name)} }`,
};

/** nx.json and project.json: the variables on which the result of a task depends. */
export const nx = taskLists({
  name: 'nx',
  files: /^(?:nx|project)\.json$/,
  isOurs: (path) => inputs.test(path.join('.')),
  isGlobal: () => false,
  form: environment,
  because: 'Nx takes a result from its cache unless a variable it lists has changed',
  covers: () => false,
  excludes: () => false,
});
