import { must } from '../../../types/finding.ts';
import type { InUse, Opening } from '../../../types/opening.ts';
import { fitness, stateOfRuns } from './fitness.ts';
import { clientIn, type MadeServices, type PikkuRunner, type RedisClient } from './made.ts';
import { contract, scratch } from './runs.ts';
import { exported } from './wiring.ts';

/** How a process of `verify` uses the module of Redis services: the project's own `@pikku/redis` works in it. */
export const opening: Opening<PikkuRunner> = {
  from: '@pikku/redis',
  engine: 'redis',
  // What Pikku's own templates start with.
  loader: 'tsx',
  use: {
    prefix: 'workflows',
    cluster: 'of which `@pikku/redis` sees one node, and lists the runs of that one alone',
    evicting: 'so runs are lost when memory is full',
    unasked: null,
    denied: 'give this user the keys under `workflows:`: `ACL SETUSER … ~workflows:* +@all`',
  },
  open: inUse,
  fitness: { before: fitness, after: [stateOfRuns] },
  contract,
  scratch,
};

/** The module in use as Pikku uses it: its services are made when a server starts, and stopped when that ends. */
function inUse(module: Record<string, unknown>): InUse<PikkuRunner> {
  const make = module[exported];
  const remedy = `export the function by which the services are made under the name \`${exported}\``;
  must(typeof make === 'function', `it exports no function \`${exported}\``, remedy);
  let made: MadeServices | null = null;
  const services = () => {
    must(made, 'its services are not made yet');
    return made;
  };
  const client = (): RedisClient => clientIn(services());
  const one: InUse<PikkuRunner> = {
    runner: {
      services,
      client,
      command: async (name, args = []) => client().call(name, ...args),
      eval: async (script, keys, args = []) => client().call('EVAL', script, keys.length, ...keys, ...args),
    },
    options: {},
    migrated: 0,
    entry: {
      connect: () => null,
      migrate: async () => {
        made = (await make()) as MadeServices;
        must(
          typeof made === 'object' && made !== null,
          `\`${exported}()\` gives no services`,
          'give back an object of them',
        );
        one.migrated += 1;
        const { keyPrefix } = made.workflowService ?? {};
        if (typeof keyPrefix === 'string') one.options.keyPrefix = keyPrefix;
      },
      close: async () => {
        // As Pikku does (`stopSingletonServices`): what has a `stop` is stopped, in the order of the object.
        for (const service of Object.values(made ?? {})) await (service as { stop?(): unknown } | null)?.stop?.();
      },
    },
  };
  return one;
}
