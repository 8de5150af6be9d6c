import type { Family } from './index.ts';

/** What databases that hold tables have in common. */
export const sql: Family = {
  name: 'sql',
  stems: ['DATABASE', 'DB'],
  names: ['DIRECT_URL', 'SHADOW_DATABASE_URL'],
  holds: 'tables',
  isSql: true,
};
