// flue-blueprint: pikku/redis@1
import { setTimeout } from 'node:timers/promises';
import {
  RedisChannelStore, // service: channelStore
  RedisDeploymentService, // service: deploymentService
  RedisSessionStore, // service: sessionStore
  RedisWorkflowRunService,
  RedisWorkflowService,
} from '@pikku/redis';
import { Redis } from 'ioredis';

type RedisServices = {
  workflowService: RedisWorkflowService;
  workflowRunService: RedisWorkflowRunService;
  channelStore: RedisChannelStore; // service: channelStore
  sessionStore: RedisSessionStore; // service: sessionStore
  deploymentService: RedisDeploymentService; // service: deploymentService
  /** Pikku stops whatever has a `stop`; the services above only know `close`, which leaves a connection they were given. */
  redisConnection: { stop: () => Promise<void> };
};

const urlPattern =
  /^rediss?:\/\/(?:[^\s/?#@<>{}]*@)?(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:\/\d*)?(?:\?family=[046])?$/i;

let services: Promise<RedisServices> | undefined;
let current: Redis | undefined;

/** Made once, and where the services are made: on import the generated metadata, from which they learn their queues, is not there yet. */
export function createRedisServices(): Promise<RedisServices> {
  services ??= make().catch((error) => {
    services = current = undefined;
    throw error;
  });
  return services;
}

async function make(): Promise<RedisServices> {
  const redis = await open();
  try {
    const workflowService = new RedisWorkflowService(redis);
    await workflowService.init();
    return {
      workflowService,
      workflowRunService: new RedisWorkflowRunService(redis),
      channelStore: new RedisChannelStore(redis), // service: channelStore
      sessionStore: new RedisSessionStore(redis), // service: sessionStore
      deploymentService: new RedisDeploymentService({}, redis), // service: deploymentService
      redisConnection: { stop: () => close(redis) },
    };
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

async function open(): Promise<Redis> {
  const url = process.env.REDIS_URL;
  if (!url) throw new Error('REDIS_URL is not set, and db.ts needs it: a Redis connection URL.');
  // The client would go elsewhere with part of it, or leave part of it out.
  if (!urlPattern.test(url) || !URL.canParse(url))
    throw new Error('REDIS_URL is malformed: db.ts needs redis://host:port/number, bare, encoded, no parameters.');
  let reason: Error | undefined;
  const opening = new Redis(url, {
    lazyConnect: true,
    // A command whose reply was lost is not sent again: a lock asked for twice is found taken, by itself.
    maxRetriesPerRequest: 0,
    // The first connection fails at once with its reason; after that it reconnects for ever.
    retryStrategy: (attempt) => (current ? Math.min((attempt - 1) * 100, 2_000) : null),
  });
  opening.on('error', (error) => {
    reason ??= error;
    if (current) console.error(`[pikku] Redis connection lost: ${error.message}`);
  });
  const started = opening.connect().then(() => opening.ping());
  const late = setTimeout(10_000, new Error('Redis did not answer within 10 s.'), { ref: false });
  const answer = await Promise.race([started.catch((error: Error) => error), late]);
  // A refused database, and why there is no connection, is only told to the listener.
  const failure = reason ?? answer;
  if (failure instanceof Error) opening.disconnect();
  if (failure instanceof Error) throw failure;
  current = opening;
  return opening;
}

async function close(closing: Redis): Promise<void> {
  services = current = undefined;
  // Waits for what is pending, but not for a server that is gone.
  const patience = setTimeout(closing.status === 'ready' ? 5_000 : 0, null, { ref: false });
  await Promise.race([closing.quit().catch(() => {}), patience]);
  closing.disconnect();
}
