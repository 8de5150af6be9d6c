import { undo } from '../edit/revert.ts';
import { conventionOf, declareIn } from '../knowledge/conventions/index.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Removal } from '../types/choice.ts';
import type { Facts, References } from '../types/facts.ts';
import type { Write } from '../types/plan.ts';
import { type Declaring, declarationsFor, docTexts } from './docs.ts';

/**
 * The lines that adding would write, taken out where the proof holds; a doc that differs by now is named, and so is a
 * variable that something else reads.
 */
export async function takeOutOfDocs(
  facts: Facts,
  { names }: Removal,
  blueprint: Blueprint,
  references: References,
): Promise<{ writes: Write[]; notes: string[] }> {
  const before = docTexts(facts);
  const texts = { ...before };
  const variables = blueprint.variables.filter(({ name }) => names[name]);
  const notes = Object.entries(references.variables).map(([name, reason]) => `the docs keep \`${name}\`: ${reason}`);
  // What goes with a connection goes before it.
  for (const { name: canonical } of variables.toReversed()) {
    const name = names[canonical]!;
    if (references.variables[name]) continue;
    const declaring = { facts, blueprint, variables, nameOf: (one: string) => names[one]! };
    const without = await withoutVariable(texts, name, declaring);
    Object.assign(texts, without.texts);
    notes.push(...without.notes);
  }
  const because = 'nothing reads the variable any more';
  const writes = Object.entries(texts).flatMap(([path, after]): Write[] =>
    after === before[path] ? [] : [{ kind: 'write', path, before: before[path]!, after, because }],
  );
  return { writes, notes: [...new Set(notes)] };
}

/**
 * The texts that change when one variable goes. A module that checks the environment reads what it lists: while that
 * stays, the variable stays everywhere.
 */
async function withoutVariable(
  texts: Record<string, string>,
  name: string,
  declaring: Declaring,
): Promise<{ texts: Record<string, string>; notes: string[] }> {
  const { facts } = declaring;
  const shorter = { ...texts };
  const notes: string[] = [];
  let required: string | null = null;
  const open = facts.envDocs.filter(
    ({ leftAlone, variables: its }) => !leftAlone && its.some((one) => one.name === name),
  );
  for (const doc of open.toReversed()) {
    const declaration = declarationsFor(doc, declaring).find((one) => one.name === name)!;
    const without = await undo(shorter[doc.path]!, name, (one) => declareIn(one, doc, declaration), {
      lines: conventionOf(doc).independentLines,
      prose: conventionOf(doc).kind === 'prose',
    });
    if (without !== null) shorter[doc.path] = without;
    else if (conventionOf(doc).kind === 'schema') required = doc.path;
    else notes.push(`\`${doc.path}\` still has \`${name}\`, written otherwise than adding does`);
  }
  if (required === null) return { texts: shorter, notes };
  const why = `the docs keep \`${name}\`: \`${required}\` checks it, written otherwise than adding does`;
  return { texts: {}, notes: [...notes, why] };
}
