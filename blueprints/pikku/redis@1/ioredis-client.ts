// flue-blueprint: pikku/redis@1
import { setTimeout } from 'node:timers/promises';
import {
  RedisChannelStore, // service: channelStore
  RedisDeploymentService, // service: deploymentService
  RedisSessionStore, // service: sessionStore
  RedisWorkflowRunService,
  RedisWorkflowService,
} from '@pikku/redis';
import { client } from '#clients/ioredis';

type RedisServices = {
  workflowService: RedisWorkflowService;
  workflowRunService: RedisWorkflowRunService;
  channelStore: RedisChannelStore; // service: channelStore
  sessionStore: RedisSessionStore; // service: sessionStore
  deploymentService: RedisDeploymentService; // service: deploymentService
};

let services: Promise<RedisServices> | undefined;

// The client belongs to the application, which makes it and closes it; this file only uses it.
// Without a listener every lost connection would be reported as unhandled.
if (client.listenerCount('error') === 0) {
  client.on('error', (error: Error) => console.error(`[pikku] Redis connection lost: ${error.message}`));
}

/** Made once, and where the services are made: on import the generated metadata, from which they learn their queues, is not there yet. */
export function createRedisServices(): Promise<RedisServices> {
  services ??= make().catch((error) => {
    services = undefined;
    throw error;
  });
  return services;
}

async function make(): Promise<RedisServices> {
  // What lists runs asks for keys by a pattern, which a prefix of the client's does not reach.
  if (client.options.keyPrefix) throw new Error('db.ts cannot share a client with keyPrefix.');
  await answer();
  const workflowService = new RedisWorkflowService(client);
  await workflowService.init();
  return {
    workflowService,
    workflowRunService: new RedisWorkflowRunService(client),
    channelStore: new RedisChannelStore(client), // service: channelStore
    sessionStore: new RedisSessionStore(client), // service: sessionStore
    deploymentService: new RedisDeploymentService({}, client), // service: deploymentService
  };
}

/** Asks first, and fails with the client's own reason instead of trying for ever. */
async function answer(): Promise<void> {
  const silence = setTimeout(10_000, undefined, { ref: false }).then(() => {
    throw new Error('Redis did not answer within 10 s.');
  });
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  client.once('error', fail);
  try {
    if (client.status === 'wait') await Promise.race([client.connect(), failed, silence]);
    await Promise.race([client.ping(), failed, silence]);
  } finally {
    client.off('error', fail);
  }
}
