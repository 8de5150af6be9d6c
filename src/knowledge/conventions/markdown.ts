import type { Block } from '../../edit/markdown/blocks.ts';
import { mayListVariables, tooLarge } from '../../edit/markdown/scan.ts';
import { type FolderEntry, inFolder } from '../../project/project.ts';
import type { EnvDoc, LeftAlone } from '../../types/env-docs.ts';
import { type Convention, conventionDefaults, type Declare, type ProjectView } from './convention.ts';
import { docOf, evidenceIn, unfitFile } from './left-alone.ts';

/**
 * Documents for readers that list variables: the README, and what is named for the environment or the configuration.
 */
export const markdown: Convention = {
  ...conventionDefaults,
  name: 'markdown',
  kind: 'prose',
  find: (view) => nearestDocuments(view, isDocumentName, { kind: 'markdown', kinds: ['table', 'list', 'fence'] }),
  declare: (text, variable, doc) => declareInProse(['table', 'list', 'fence'])(text, variable, doc, []),
};

/** Where such documents stand, seen from the folder of a package. */
const places = ['docs', 'doc', '.github'];
const named = /^(?:envs?|environments?|env(?:ironment)?[-_. ]?var(?:iable)?s?)\.(?:md|markdown|mdx)$/i;
const isDocumentName = (name: string) =>
  named.test(name) || /^(?:readme|contributing|config|configuration)\.(?:md|markdown|mdx)$/i.test(name);

/** What a kind of prose is, and which of its blocks take a variable. */
interface ProseKind {
  kind: string;
  kinds: readonly Block['kind'][];
  onlyWhereSole?: true;
}

/** Writes a variable into the blocks of those kinds. */
export function declareInProse(kinds: readonly Block['kind'][]): Declare {
  return async (text, variable, { path }) => {
    const { declareInMarkdown } = await import('../../edit/markdown/insert.ts');
    return declareInMarkdown(text, variable, { kinds, sole: variable.sole, byName: named.test(lastOf(path)) });
  };
}

/** Reasons that say that a document lists no variables of the program's own: those may be listed further up. */
const elsewhere: readonly LeftAlone['code'][] = [
  'deployment',
  'other-service',
  'other-project',
  'browser',
  'generated',
  'unintroduced',
];

/** The documents of the nearest folder that has one which lists the program's variables. */
export async function nearestDocuments(
  view: ProjectView,
  isNamed: (name: string) => boolean,
  what: ProseKind,
): Promise<EnvDoc[]> {
  const passed: EnvDoc[] = [];
  for (const folder of view.folders) {
    const below = places.filter((one) =>
      view.project.list(folder).some(({ name, kind }) => name === one && kind === 'folder'),
    );
    for (const at of [folder, ...below.map((one) => inFolder(folder, one))])
      for (const { name, kind } of view.project.list(at))
        if (kind !== 'folder' && isNamed(name))
          passed.push(...(await documentAt(view, inFolder(at, name), kind, what)));
    if (passed.some(({ leftAlone }) => !leftAlone || !elsewhere.includes(leftAlone.code))) break;
  }
  return passed;
}

/** One document. A table or list needs a parser, which only a text that may hold one loads. */
async function documentAt(
  view: ProjectView,
  path: string,
  entry: FolderEntry['kind'],
  what: ProseKind,
): Promise<EnvDoc[]> {
  const text = evidenceIn(view.project, path, entry);
  if (text === null || !mayListVariables(text)) return [];
  const facts = { path, kind: what.kind, variables: [], because: 'it lists the variables' };
  const large = tooLarge(text);
  if (large) return [docOf(facts, text, large)];
  const [{ parseMarkdown }, { variableBlocks }, { isPlace }] = await Promise.all([
    import('../../edit/markdown/node.ts'),
    import('../../edit/markdown/blocks.ts'),
    import('../../edit/markdown/insert.ts'),
  ]);
  const tree = parseMarkdown(text);
  if (!tree) return [docOf(facts, text, { code: 'unparsable', message: 'it does not parse' })];
  const known = { byName: named.test(lastOf(path)), isOfDatabase: view.isOfDatabase };
  const blocks = variableBlocks(tree, text, known).filter(({ kind }) => what.kinds.includes(kind));
  if (blocks.length === 0) return [];
  const names = [...new Set(blocks.flatMap((block) => block.variables))];
  const variables = names.map((name) => ({ name, live: true, scheme: null }));
  const open = blocks.filter((block) => !block.leftAlone && isPlace(block));
  const sole = what.onlyWhereSole || (open.length > 0 && open.every(({ introduced }) => !introduced));
  const whose = open.length > 0 ? null : (blocks.find(({ leftAlone }) => leftAlone)?.leftAlone ?? unintroduced);
  const leftAlone = whose ?? (await unfitFile(view.project, path, entry));
  return [docOf({ ...facts, variables, ...(sole && { onlyWhereSole: true }) }, text, leftAlone)];
}

const unintroduced: LeftAlone = {
  code: 'unintroduced',
  message: 'nothing in it says that what it lists are the variables of the program',
};

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
