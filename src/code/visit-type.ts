import { type Node, nameOf, textOf } from './module.ts';
import { bindingOf } from './scope.ts';
import type { TraceStep, Walk } from './trace.ts';
import { stepsTo, visitKeyed } from './visit-name.ts';

/**
 * What a value is by the type that is written for it: of a class what that makes, of `typeof config` that, of
 * `ReturnType<typeof load>` what stands in its brackets.
 */
export function visitType(step: TraceStep, walk: Walk): TraceStep[] {
  const { node, keys } = step;
  switch (node.type) {
    case 'TSTypeQuery':
      return stepsTo([node.exprName as Node], step);
    case 'TSQualifiedName':
      return stepsTo([node.left as Node], step, { keys: [nameOf(node.right), ...keys] });
    case 'TSUnionType':
    case 'TSIntersectionType':
      return stepsTo(node.types as Node[], step);
    case 'TSIndexedAccessType': {
      const key = textOf((node.indexType as Node).literal as Node | undefined);
      return stepsTo([node.objectType as Node], step, { keys: [key ?? '*', ...keys] });
    }
    default: {
      const name = node.typeName as Node;
      const given = (node.typeParameters ?? node.typeArguments) as { params: Node[] } | undefined;
      return visitKeyedType(name, step, walk) ?? stepsTo(given?.params ?? [name], step);
    }
  }
}

/** A library that gives values by keys, as its type names it: `ConfigService<Env>` of Nest. */
function visitKeyedType(name: Node, step: TraceStep, walk: Walk): TraceStep[] | null {
  const binding = name.type === 'Identifier' ? bindingOf(step.module, name) : null;
  return binding?.kind === 'import' ? visitKeyed(binding.from, binding.imported, step, walk) : null;
}
