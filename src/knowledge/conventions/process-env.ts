import type { Module, Node } from '../../code/module.ts';
import { allNodes } from '../../code/scope.ts';
import { type Schema, unchecked } from './schemas.ts';
import { slot } from './slots.ts';

/** `interface ProcessEnv`, unless it is inferred from a schema, which is then the source. */
export function inProcessEnv(module: Module): Schema[] {
  const found = allNodes(module).find(
    (node) => node.type === 'TSInterfaceDeclaration' && (node.id as Node).name === 'ProcessEnv',
  );
  if (!found || ((found.extends as Node[] | null) ?? []).length > 0) return [];
  return [unchecked('ProcessEnv', [[slot(module, found.body as Node, 'type')]])];
}
