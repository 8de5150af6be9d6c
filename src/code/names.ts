import { homeOf } from './follow.ts';
import { type Module, type Node, nameOf, propertyOf, textOf, unwrap } from './module.ts';
import { bindingOf, resolve } from './scope.ts';
import type { SourceCode } from './source-code.ts';

/** A value, and the module it stands in. */
interface Position {
  module: Module;
  node: Node;
}

/**
 * The text that an expression is, by constants, objects and enums of the project, also those of other modules; null
 * where it is none.
 */
export function textBehind(code: SourceCode, module: Module, node: Node): string | null {
  const position = placeOf(code, module, node);
  return position && textOf(unwrap(position.node));
}

function placeOf(code: SourceCode, module: Module, node: Node, depth = 0): Position | null {
  const bare = unwrap(node);
  if (depth > 10) return null;
  if (bare.type === 'Identifier') return named(code, module, bare);
  if (bare.type !== 'MemberExpression') return { module, node: bare };
  const object = placeOf(code, module, bare.object as Node, depth + 1);
  const key = bare.computed ? textOf(bare.property as Node) : nameOf(bare.property);
  const value = object && key !== null ? memberOf(unwrap(object.node), key) : null;
  return value && { module: object!.module, node: value };
}

function named(code: SourceCode, module: Module, node: Node): Position | null {
  const binding = bindingOf(module, node);
  if (binding?.kind === 'enum') return { module, node: binding.owner! };
  if (binding?.kind !== 'import') {
    const value = resolve(module, node);
    return value && { module, node: value };
  }
  const target = code.leadTo(module.path, binding.from);
  const home = target === null ? null : homeOf(code, target, binding.imported);
  if (home?.kind !== 'value') return null;
  const value = home.node ?? (home.binding?.kind === 'enum' ? home.binding.owner : home.binding?.init);
  return value ? { module: home.module, node: resolve(home.module, value) ?? value } : null;
}

function memberOf(object: Node, key: string): Node | null {
  if (object.type === 'ObjectExpression') return propertyOf(object, key);
  const members = ((object.body as Node | undefined)?.members ?? object.members ?? []) as Node[];
  const found = members.find(({ id }) => (nameOf(id) || textOf(id as Node)) === key);
  return (found?.initializer as Node | undefined) ?? null;
}
