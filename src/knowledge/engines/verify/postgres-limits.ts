import { must, NotChecked } from './engine.ts';
import { judgeRoom, one, type SqlProbe } from './sql.ts';

/** Below this a statement of Flue's may be ended that does nothing out of the common, in ms. */
const shortest = 1_000;

/** What a Postgres allows: how many connections, and how long a statement may take or a transaction may wait. */
export const capacity: readonly SqlProbe[] = [
  {
    code: 'room-for-connections',
    title: 'there is room for its connections',
    severity: 'warning',
    run: async ({ runner }) => {
      const row = await one(
        runner,
        `SELECT current_setting('max_connections')::int AS most,
          (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used`,
      );
      const remedy = "use the provider's pooler, or a smaller `max` of the pool";
      return judgeRoom(Number(row.used), Number(row.most), remedy);
    },
  },
  {
    code: 'time-for-statements',
    title: 'statements and transactions have time enough',
    severity: 'warning',
    run: async ({ runner }) => {
      const rows = await runner.query(
        `SELECT name, setting FROM pg_settings
          WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout') AND setting <> '0' ORDER BY name`,
      );
      const found = rows.map(({ name, setting }) => ({ name: String(name), ms: Number(setting) }));
      if (found.some(({ ms }) => !Number.isFinite(ms))) throw new NotChecked('the server does not say');
      const said = found.map(({ name, ms }) => `${name} is ${ms / 1000} s`).join(', ');
      const set = `ALTER ROLE … SET ${found[0]?.name} = '30s'`;
      const isEnough = found.every(({ ms }) => ms >= shortest);
      must(isEnough, said, `a longer one where it is set: in the options of the pool, or ${set}`);
      return said || 'the server sets no limit';
    },
  },
];
