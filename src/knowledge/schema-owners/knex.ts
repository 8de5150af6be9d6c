import type { Owner } from '../../types/source.ts';
import { baseName, configIn } from './config.ts';
import type { SchemaOwner } from './index.ts';

const tool = 'knex';
const files = /^knexfile(?:\.[\w-]+)?\.(?:[mc]?[jt]s|json)$/;

/** Knex, and what stands on it, runs the migrations that people write, and leaves other tables alone. */
export const knex: SchemaOwner = {
  name: tool,
  title: tool,
  effect: 'changes',
  packages: [tool, 'objection', 'bookshelf'],
  files,
  commands: [],
  detect: (view) =>
    view.files
      .filter((file) => files.test(baseName(file)))
      .flatMap((file): Owner[] => {
        const config = configIn(view, file);
        const [client] = config?.held('client').literals ?? [];
        const engine = typeof client === 'string' ? view.engineOfDialect(client) : null;
        return config ? [{ path: file, tool, engine, pushes: false, variables: config.variables() }] : [];
      }),
};
