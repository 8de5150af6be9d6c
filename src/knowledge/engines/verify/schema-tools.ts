import { must } from './engine.ts';
import type { SqlProbe } from './sql.ts';

/** Tables in which tools write down what they did, of those whose commands drop what they do not know. */
const tools: Record<string, { name: string; command: string }> = {
  _prisma_migrations: { name: 'Prisma', command: '`prisma migrate reset`' },
  __drizzle_migrations: { name: 'Drizzle', command: '`drizzle-kit push`' },
  payload_migrations: { name: 'Payload', command: 'a push of its development server' },
};

/** The names of the tables in which such tools write down what they did, as a list of SQL. */
export const toolTables = Object.keys(tools)
  .map((name) => `'${name}'`)
  .join(', ');

/**
 * Whether a tool manages the schema that Flue's tables are in. `listed`: the statement that gives the `name` of each
 * such table there.
 */
export function managedByNone(listed: string): SqlProbe {
  return {
    code: 'schema-of-its-own',
    title: 'no other tool manages its schema',
    severity: 'warning',
    run: async ({ runner }) => {
      const rows = await runner.query(listed);
      const [tool] = rows.flatMap(({ name }) => tools[String(name)] ?? []);
      const remedy = 'give Flue a schema or database of its own, or keep that command away from it';
      must(!tool, `${tool?.name} manages it, and ${tool?.command} drops \`flue_*\` with Flue's state`, remedy);
      return undefined;
    },
  };
}
