import type { Engine, Risk } from './index.ts';

/** Redis, and Valkey, which speaks its protocol. */
export const redis: Engine = {
  name: 'redis',
  family: { name: 'redis', stems: [], names: [], holds: 'keys', isSql: false },
  packages: {
    driver: ['redis', 'ioredis', 'iovalkey', '@valkey/valkey-glide', '@redis/client'],
    builder: [],
    client: [
      'bullmq',
      'bull',
      '@nestjs/bull',
      '@nestjs/bullmq',
      'bee-queue',
      '@fastify/redis',
      '@socket.io/redis-adapter',
      '@socket.io/redis-streams-adapter',
      'graphql-redis-subscriptions',
      'unstorage/drivers/redis',
    ],
    cache: [
      '@keyv/redis',
      '@keyv/valkey',
      'connect-redis',
      'rate-limit-redis',
      'cache-manager-redis*',
      'cache-manager-ioredis*',
    ],
  },
  schemes: ['redis', 'rediss', 'valkey', 'valkeys'],
  dialects: [],
  stems: ['REDIS', 'VALKEY', 'KV', 'UPSTASH_REDIS', 'DRAGONFLY'],
  names: ['CACHE_URL'],
  // Commands that subscribe, wait or watch: the connection is then theirs (redis.io/commands, the groups pubsub and
  // blocking).
  blocking: [
    'subscribe psubscribe ssubscribe monitor watch',
    'blpop brpop brpoplpush blmove blmpop bzpopmin bzpopmax bzmpop',
  ].flatMap((line) => line.split(' ')),
  queues: {
    bullmq: [
      { named: /^Worker$/, before: 2 },
      { named: /^(?:Queue|Worker)/, before: 1 },
    ],
    bull: [{ named: /./, before: 1 }],
    'bee-queue': [{ named: /./, before: 1 }],
  },
  standing: [{ package: 'bull', driver: 'ioredis', majors: { 3: 4 } }],
  risks: (parameters, driver) =>
    parameters.flatMap((one): Risk[] => {
      const [name = ''] = one.split('=');
      // ioredis takes parameters for options of its own, and has none but `tls` for TLS; node-redis reads no parameter
      // at all.
      const ignored = /^(?:redis|@valkey\/valkey-glide)$/.test(driver)
        ? /^(?:db|database|password|username|tls|ssl\w*)$/i
        : /^ssl\w*$/i;
      return ignored.test(name) ? [{ parameter: name, because: `which \`${driver}\` ignores` }] : [];
    }),
};
