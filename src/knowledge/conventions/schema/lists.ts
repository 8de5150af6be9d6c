import { importOf, type Module, type Node, nameOf, unwrap } from '../../../code/module.ts';
import { constantsOf } from '../../../code/scope.ts';
import type { LeftAlone } from '../../../types/env-docs.ts';
import type { FoundSchema } from './definition.ts';
import { mirrored, type WriteEntry } from './entry.ts';
import { validated } from './initializer.ts';
import { argumentOf, callsTo, chainOf, typeArgumentsOf } from './reads.ts';
import { type Slot, slot } from './slots.ts';

/** Where no list of variables is written out. */
export const computed: LeftAlone = { code: 'computed', message: 'its variables are computed, not written out' };

/** Where the values are those that a bundler puts in. */
export const fromBundler: LeftAlone = {
  code: 'computed',
  message: 'it reads what a bundler puts in (`import.meta.env`), which no server variable reaches',
};

/** Whether a part of a module reads what a bundler puts in. */
export function readsBundler({ text }: Module, { start, end }: Node): boolean {
  return /import\.meta\.env/.test(text.slice(start, end));
}

/** How a schema stands where the environment is handed to it. */
export interface Manner {
  /** Whether the value of the call is the variables as they are listed. */
  holds?: boolean;
  /** The object by which the environment is handed on, where that names each variable. */
  values?: Node | null;
  /** Methods of the library after which an object holds the same variables. */
  keeps?: RegExp;
  write?: WriteEntry;
}

/** The schema at a node, `z.object({…})` or a name for one, to which `at` hands the environment. */
export function schemaAt(module: Module, at: Node, schema: Node, manner: Manner = {}): FoundSchema {
  const { holds = false, values = null, keeps, write = validated } = manner;
  const more = values ? [[slot(module, values, mirrored)]] : [];
  const imported = importAt(module, schema);
  if (imported) return { at, holds, groups: more, elsewhere: imported };
  const chain = chainOf(module, schema, keeps);
  if (!chain || chain.objects.length === 0) return { at, groups: [], leftAlone: computed };
  const lists = chain.objects.map((object) => slot(module, object, write, chain.types));
  return { at, holds: holds && chain.plain, groups: [lists, ...more] };
}

/** The list that a call is handed as it is: an object in place, by a constant or by an import. */
export function listAt(module: Module, call: Node, given: Node, write: WriteEntry): FoundSchema {
  const imported = importAt(module, given);
  if (imported) return { at: call, groups: [], elsewhere: imported };
  const chain = chainOf(module, given);
  if (!chain || chain.objects.length === 0) return { at: call, groups: [], leftAlone: computed };
  const types = [...chain.types, ...typeArgumentsOf(call)];
  return { at: call, groups: [chain.objects.map((object) => slot(module, object, write, types))] };
}

/**
 * The lists that calls of those functions are handed, which read the environment themselves or are given it beside the
 * list.
 */
export function callLists(
  module: Module,
  packages: readonly string[],
  names: readonly string[],
  { position = 0, write = validated }: { position?: number; write?: WriteEntry } = {},
): FoundSchema[] {
  return callsTo(module, packages, names).flatMap((call): FoundSchema[] => {
    if (readsBundler(module, call)) return [{ at: call, groups: [], leftAlone: fromBundler }];
    const given = argumentOf(call, position);
    return given ? [{ ...listAt(module, call, given, write), holds: true }] : [];
  });
}

function importAt(module: Module, node: Node): { from: string; name: string } | null {
  const bare = unwrap(node);
  return bare.type === 'Identifier' ? importOf(module, nameOf(bare)) : null;
}

/** The list of validators behind an exported name: an object, or a library's `object()` round one. */
export function exportedList(module: Module, name: string): Slot[] | null {
  const byDefault = module.body.find(({ type }) => type === 'ExportDefaultDeclaration');
  const init =
    name === 'default'
      ? (byDefault?.declaration as Node | undefined)
      : constantsOf(module).find((one) => one.exported === name || one.name === name)?.init;
  const chain = init && chainOf(module, init);
  if (!chain || chain.objects.length === 0) return null;
  return chain.objects.map((object) => slot(module, object, validated, chain.types));
}

/** The exported constant that is the call's value. */
export function readerOf(module: Module, call: Node): string | null {
  return constantsOf(module).find(({ init, exported }) => exported !== null && unwrap(init) === call)?.exported ?? null;
}
