import { isBeside } from '../edit/variable-names.ts';
import { conventionOf, isVariant } from '../knowledge/conventions/index.ts';
import type { EnvDoc } from '../types/env-docs.ts';

/** Whether a variable is of the database that is added. */
type IsMember = (name: string) => boolean;

/**
 * The docs that take a new variable. Of those that compete (templates, modules, types) the ones that have its family,
 * else the main one; one that cannot be reached only where it has the family; every other.
 */
export function docsToEdit(docs: readonly EnvDoc[], isMember: IsMember): EnvDoc[] {
  const open = docs.filter(({ leftAlone }) => !leftAlone);
  const reached = open.filter(isReachable);
  const ranked = (kind: string) => reached.filter((doc) => conventionOf(doc).ranked && conventionOf(doc).kind === kind);
  const others = reached.filter((doc) => !conventionOf(doc).ranked);
  return [
    ...templatesToEdit(ranked('template'), isMember),
    ...others,
    ...open.filter((doc) => !isReachable(doc) && declares(doc, isMember)),
    ...modulesToEdit(ranked('schema'), isMember),
    ...modulesToEdit(ranked('types'), isMember).slice(0, 1),
  ];
}

/** Whether what a doc says can be had by the db entry at all. */
export function isReachable({ schema }: EnvDoc): boolean {
  return schema?.reachable ?? true;
}

function declares({ variables }: EnvDoc, isMember: IsMember): boolean {
  return variables.some(({ name }) => isMember(name) && !isBeside(name));
}

/**
 * The main template and those with the same variables. Where there are only variants of one, a reader may copy any of
 * them.
 */
function templatesToEdit(docs: readonly EnvDoc[], isMember: IsMember): EnvDoc[] {
  const declaring = docs.filter((doc) => declares(doc, isMember));
  if (declaring.length > 0) return declaring;
  const main =
    docs.find(({ path }) => /(?:^|\/)\.env\.example$/.test(path)) ??
    docs.find(({ path }) => /(?:^|\/)\.env\.schema$/.test(path)) ??
    docs.find(({ path }) => !isVariant(path));
  if (!main) return [...docs];
  const namesOf = (doc: EnvDoc) =>
    doc.variables
      .map(({ name }) => name)
      .sort()
      .join();
  return docs.filter((doc) => doc === main || namesOf(doc) === namesOf(main));
}

/**
 * The main module is the one nearest to the top, one that is named for the environment first; with it goes what its
 * checks are imported from.
 */
function modulesToEdit(docs: readonly EnvDoc[], isMember: IsMember): EnvDoc[] {
  const declaring = docs.filter((doc) => declares(doc, isMember));
  if (declaring.length > 0) return declaring;
  const depth = ({ path }: EnvDoc) => path.split('/').length - (/(?:^|[/.-])env[\w.-]*$|\/env\//.test(path) ? 10 : 0);
  const [main] = docs.toSorted((one, other) => depth(one) - depth(other));
  const folder = main?.path.slice(0, main.path.lastIndexOf('/') + 1);
  return docs.filter(
    (doc) =>
      doc === main ||
      (doc.path.startsWith(folder!) && Boolean(doc.schema?.exported) !== Boolean(main!.schema?.exported)),
  );
}
