import { type Node, nameOf } from './module.ts';
import type { TraceStep } from './trace.ts';
import { stepsTo } from './visit-name.ts';

/**
 * What a value is by the type that is written for it: of a class what that makes, of `typeof config` that, of
 * `ReturnType<typeof load>` what stands in its brackets.
 */
export function visitType(step: TraceStep): TraceStep[] {
  const { node, keys } = step;
  switch (node.type) {
    case 'TSTypeQuery':
      return stepsTo([node.exprName as Node], step);
    case 'TSQualifiedName':
      return stepsTo([node.left as Node], step, { keys: [nameOf(node.right), ...keys] });
    case 'TSUnionType':
      return stepsTo(node.types as Node[], step);
    default: {
      const given = (node.typeParameters as Node | undefined)?.params as Node[] | undefined;
      return stepsTo(given ?? [node.typeName as Node], step);
    }
  }
}
