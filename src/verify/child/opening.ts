import type { EngineChecks } from '../../knowledge/engines/verify/engine.ts';
import { redisFor } from '../../knowledge/engines/verify/redis.ts';
import type { Opening } from '../../types/opening.ts';

/** What is known of an engine whoever uses it. */
const checksByEngine = { redis: redisFor };

/**
 * The checks for a host whose entry is no adapter: those of its engine, in its own words, with what it asks of its
 * services around them, and its own contract.
 */
export function checksOfOpening({ engine, use, fitness, contract, scratch }: Opening): EngineChecks {
  const known = checksByEngine[engine](use, []);
  return {
    ...(known as EngineChecks),
    functions: null,
    fitness: [...fitness.before, ...(known as EngineChecks).fitness, ...fitness.after] as EngineChecks['fitness'],
    contract: contract as EngineChecks['contract'],
    scratch: scratch as EngineChecks['scratch'],
  };
}
