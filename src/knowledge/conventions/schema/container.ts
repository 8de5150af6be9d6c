import { keyOf, type Module, type Node, nameOf } from '../../../code/module.ts';
import { allNodes } from '../../../code/scope.ts';

/**
 * Whether a node stands in what a container of a framework makes: a class with a decorator, a provider (an object with
 * `provide`), or a function that Nest's ConfigModule or `registerAs()` is handed. Its values cannot be had by an
 * import.
 */
export function isInContainer(module: Module, { start, end }: Node): boolean {
  return allNodes(module).some((node) => node.start <= start && end <= node.end && isOfContainer(node));
}

function isOfContainer(node: Node): boolean {
  switch (node.type) {
    case 'ClassDeclaration':
    case 'ClassExpression':
      return ((node.decorators as Node[] | undefined) ?? []).length > 0;
    case 'ObjectExpression':
      return (node.properties as Node[]).some((one) => keyOf(one) === 'provide');
    case 'CallExpression':
      return /^(?:registerAs|ConfigModule\.\w+)$/.test(nameOf(node.callee));
    default:
      return false;
  }
}
