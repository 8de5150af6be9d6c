import type { Owner } from '../../types/source.ts';
import { callsNamed, isOf } from './calls.ts';
import { configAt } from './config.ts';
import type { SchemaOwner } from './index.ts';

const tool = 'payload';
/** Its SQL adapters; of MongoDB it keeps no schema. */
const adapters = [
  '@payloadcms/db-postgres',
  '@payloadcms/db-vercel-postgres',
  '@payloadcms/db-sqlite',
  '@payloadcms/db-d1-sqlite',
];

/** Payload pushes its schema through drizzle-kit whenever it runs in development, unless `push` is off. */
export const payload: SchemaOwner = {
  name: tool,
  title: tool,
  effect: 'drops',
  packages: adapters,
  commands: [],
  advice: (tables) => `\`push: false\`, or \`tablesFilter: ['!${tables}']\``,
  detect: (view) =>
    callsNamed(view, ['postgresAdapter', 'vercelPostgresAdapter', 'sqliteAdapter', 'sqliteD1Adapter']).flatMap(
      ({ from, given, module }): Owner[] => {
        if (!isOf(from, adapters)) return [];
        const config = given[0] ? configAt(view, module, given[0]) : null;
        const off = config?.held('push').literals.includes(false) ?? false;
        const variables = config?.variables() ?? [];
        return off ? [] : [{ path: module.path, tool, engine: view.engineOf(from!), pushes: true, variables }];
      },
    ),
};
