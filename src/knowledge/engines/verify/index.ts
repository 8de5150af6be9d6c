import type { EngineChecks } from './engine.ts';
import { libsql } from './libsql.ts';
import { mongodb } from './mongodb.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { sqlite } from './sqlite.ts';

/** The adapter's package, and what is known of the engine behind it. */
export const engineChecks: Record<string, EngineChecks> = {
  '@flue/postgres': postgres,
  '@flue/mysql': mysql,
  '@flue/libsql': libsql,
  '@flue/redis': redis,
  '@flue/mongodb': mongodb,
  '@flue/runtime/node': sqlite,
};
