import { keyOf, type Node, unwrap } from '../../code/module.ts';
import { allNodes, resolve } from '../../code/scope.ts';
import type { Owner } from '../../types/source.ts';
import { modulesWith } from './calls.ts';
import { hasPackage } from './config.ts';
import type { SchemaOwner } from './index.ts';

const tool = 'sails';
const packages = [tool, 'waterline', 'sails-hook-orm'];

/** Waterline, of Sails, drops and makes anew the tables of its models with `migrate: 'alter'` and `migrate: 'drop'`. */
export const sails: SchemaOwner = {
  name: tool,
  title: 'Waterline',
  effect: 'changes',
  packages,
  commands: ['sails lift --alter', 'sails lift --drop'],
  detect: (view) => {
    if (!hasPackage(view.manifest, packages)) return [];
    const changing = modulesWith(view, (text) => /\bmigrate\b/.test(text)).filter((module) =>
      allNodes(module).some((node) => {
        if (node.type !== 'Property' || keyOf(node) !== 'migrate') return false;
        const value = resolve(module, node.value as Node) ?? unwrap(node.value as Node);
        return value.value === 'alter' || value.value === 'drop';
      }),
    );
    return changing.map(({ path }): Owner => ({ path, tool, engine: null, pushes: true, variables: [] }));
  },
};
