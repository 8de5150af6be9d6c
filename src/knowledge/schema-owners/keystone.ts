import type { Owner } from '../../types/source.ts';
import { callsNamed, isOf } from './calls.ts';
import { configAt, hasPackage } from './config.ts';
import type { SchemaOwner } from './index.ts';
import { pushedByScript } from './scripts.ts';

const tool = 'keystone';

/** `keystone dev` pushes its schema through Prisma whenever it starts. */
export const keystone: SchemaOwner = {
  name: tool,
  title: 'Keystone',
  effect: 'drops',
  packages: ['@keystone-6/core'],
  commands: ['keystone dev', 'keystone prisma db push'],
  detect: (view) => {
    if (!hasPackage(view.manifest, keystone.packages)) return [];
    const configured = callsNamed(view, ['config']).flatMap(({ from, given, module }): Owner[] => {
      if (!isOf(from, keystone.packages) || !given[0]) return [];
      const config = configAt(view, module, given[0]);
      const [provider] = config.held('db', 'provider').literals;
      const engine = typeof provider === 'string' ? view.engineOfDialect(provider) : null;
      return [{ path: module.path, tool, engine, pushes: true, variables: config.variables('db') }];
    });
    return configured.length > 0 ? configured : pushedByScript(view, keystone);
  },
};
