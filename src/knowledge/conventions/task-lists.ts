import { addToList, type EntryForm, type NameList, nameListsIn } from '../../edit/json/list.ts';
import { type FolderEntry, inFolder, type Project } from '../../project/project.ts';
import type { EnvDoc } from '../../types/env-docs.ts';
import { type Convention, conventionDefaults, type DocDeclaration, type Edit } from './convention.ts';
import { docOf, evidenceIn, unfitFile } from './left-alone.ts';

/** The file of a task runner, and which of its lists name the variables that reach a task. */
interface TaskRunner {
  name: string;
  files: RegExp;
  /** Whether the list at that path is one of them. */
  isOurs(path: readonly string[]): boolean;
  /** Whether such a list counts for every task. */
  isGlobal(path: readonly string[]): boolean;
  form: EntryForm;
  because: string;
  /** Whether an entry stands for more than one variable, this one among them. */
  covers(entry: string, name: string): boolean;
  /** Whether an entry keeps this variable from the task, whatever else stands in its list. */
  excludes(entry: string, name: string): boolean;
}

/** Nobody writes that much of it by hand. */
const limit = 500_000;

/** The lists by which a task runner passes variables on to a program, in every folder up to the workspace root. */
export function taskLists(runner: TaskRunner): Convention {
  return {
    ...conventionDefaults,
    name: runner.name,
    kind: 'list',
    find: async ({ project, folders }) => {
      const files = folders.flatMap((folder) =>
        project
          .list(folder)
          .filter(({ name, kind }) => kind !== 'folder' && runner.files.test(name))
          .map(({ name, kind }) => ({ path: inFolder(folder, name), kind })),
      );
      return (await Promise.all(files.map(({ path, kind }) => docAt(project, path, kind, runner)))).flat();
    },
    declare: (text, variable) => declareInLists(text, variable, runner),
  };
}

async function docAt(project: Project, path: string, kind: FolderEntry['kind'], runner: TaskRunner): Promise<EnvDoc[]> {
  const text = evidenceIn(project, path, kind) ?? '';
  const facts = { path, kind: runner.name, variables: [], because: runner.because };
  if (text.length > limit) {
    const message = `it is longer than ${limit} characters`;
    return [docOf(facts, text, { code: 'too-large', message })];
  }
  const lists = listsIn(text, runner);
  if (lists?.length === 0) return [];
  const names = [...new Set((lists ?? []).flatMap((list) => list.names))].filter((name) =>
    /^[A-Z_][A-Z0-9_]*$/.test(name),
  );
  const unparsed = lists ? null : ({ code: 'unparsable', message: 'it does not parse' } as const);
  const leftAlone = (await unfitFile(project, path, kind)) ?? unparsed;
  return [docOf({ ...facts, variables: names.map((name) => ({ name, live: true, scheme: null })) }, text, leftAlone)];
}

function listsIn(text: string, { isOurs, form }: TaskRunner): NameList[] | null {
  return nameListsIn(text, form)?.filter(({ path, names }) => isOurs(path) && names.some(Boolean)) ?? null;
}

/** Adds the variable to the lists through which it reaches the program; none is created. */
function declareInLists(text: string, variable: DocDeclaration, runner: TaskRunner): Edit {
  const lists = listsIn(text, runner);
  if (!lists) return { refused: 'it does not parse' };
  const excludes = ({ names }: NameList) => names.some((entry) => runner.excludes(entry, variable.name));
  const covers = (list: NameList) => !excludes(list) && list.names.some((entry) => runner.covers(entry, variable.name));
  if (lists.some(covers)) return { text };
  const places = listsFor(lists, variable, runner);
  if (places.some(excludes)) return { refused: `it excludes \`${variable.name}\`` };
  let edited: Edit = { text };
  for (const { path } of places) {
    if ('refused' in edited) break;
    edited = addToList(edited.text, path, variable, runner.form);
  }
  return edited;
}

/**
 * Every list that has its family: one for all tasks is enough, and a list of nothing else is that of a task for the
 * database itself, such as a migration, where others are. Else the first that holds secrets of the program.
 */
function listsFor(lists: readonly NameList[], variable: DocDeclaration, { isGlobal }: TaskRunner): NameList[] {
  const isMember = (name: string) => !name.startsWith('!') && (name === variable.name || variable.isMember(name));
  const globalFirst = [...lists.filter(({ path }) => isGlobal(path)), ...lists.filter(({ path }) => !isGlobal(path))];
  const related = globalFirst.filter(({ names }) => names.some(isMember));
  if (related.length === 0) return globalFirst.filter(holdsSecrets).slice(0, 1);
  if (isGlobal(related[0]!.path)) return related.slice(0, 1);
  const ofPrograms = related.filter(({ names }) => !names.every(isMember));
  return ofPrograms.length > 0 ? ofPrograms : related;
}

function holdsSecrets({ names }: NameList): boolean {
  return names.some(
    (name) =>
      !name.startsWith('!') &&
      /(?:KEY|SECRET|TOKEN|URL|URI|DSN|PASSWORD)$/.test(name) &&
      !/^(?:NEXT_PUBLIC|VITE|PUBLIC|EXPO|TURBO|VERCEL|SENTRY|CI|NODE)_/.test(name),
  );
}
