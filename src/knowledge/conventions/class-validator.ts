import type { Module, Node } from '../../code/module.ts';
import { type FoundSchema, type Syntax, schemaConvention } from './schema/definition.ts';
import type { WriteEntry } from './schema/entry.ts';

const packages = ['class-validator'];

/** A class that checks the environment with class-validator: Nest keeps its values inside the container. */
export const classValidator = schemaConvention({
  name: 'class-validator',
  packages,
  mentions: /\bplainTo(?:Instance|Class)\b/,
  reachableFromEntry: false,
  schemasIn(module, syntax) {
    const { argumentOf, calls, methodOf, nameOf } = syntax;
    const made = calls(module).filter(({ callee }) => /^plainTo(?:Instance|Class)$/.test(methodOf(callee as Node)));
    return made.flatMap((call): FoundSchema[] => {
      const name = nameOf(argumentOf(call, 0));
      const found = syntax.allNodes(module).find(({ type, id }) => type === 'ClassDeclaration' && nameOf(id) === name);
      const group = found ? [syntax.slot(module, found.body as Node, decorated)] : [];
      const keys = group.flatMap(({ list }) => list.entries.map(({ key }) => key));
      if (name === '' || !takesEnvironment(module, call, keys, syntax)) return [];
      return [found ? { at: call, groups: [group] } : { at: call, groups: [], outOfReach: 'its checked class' }];
    });
  },
});

/**
 * Whether what is made into the class is the environment: it itself, or what the function is handed that checks it at
 * once, where all fields are named as variables are. Nest hands it on so (`validate`); a request's body is checked by a
 * pipe, and its fields are named as others.
 */
function takesEnvironment(module: Module, call: Node, keys: readonly string[], syntax: Syntax): boolean {
  const { argumentOf, calls, methodOf, nameOf } = syntax;
  const given = argumentOf(call, 1);
  if (!given) return false;
  if (syntax.readsOfEnvironment(module, true).some((one) => one.call === call)) return true;
  const name = nameOf(given);
  const within = ({ start, end }: Node, outer: Node) => outer.start <= start && end <= outer.end;
  const handed = syntax.allNodes(module).some((node) => {
    const takes = ((node.params as Node[] | undefined) ?? []).some((one) => nameOf(one) === name);
    if (!takes || !within(call, node)) return false;
    return calls(module).some((one) => within(one, node) && methodOf(one.callee as Node) === 'validateSync');
  });
  return handed && name !== '' && keys.every((key) => /^[A-Z][A-Z0-9_]*$/.test(key));
}

/** A field that may be absent, with the decorators that let it be. */
const decorated: WriteEntry = ({ variable: { name } }) => ({
  lines: ['@IsOptional()', '@IsString()', `${name}?: string`],
  imports: { names: ['IsOptional', 'IsString'], from: /^class-validator$/ },
});
