// The types of `@pikku/redis` that the templates use, as 0.12.0 to 0.12.18 have them; test/live/pikku.test.ts compiles
// against the real ones.
import type { Redis } from 'ioredis';

export declare class RedisWorkflowService {
  constructor(connection: Redis | string | undefined, keyPrefix?: string);
  init(): Promise<void>;
  close(): Promise<void>;
}
export declare class RedisWorkflowRunService {
  constructor(connection: Redis, keyPrefix?: string);
}
export declare class RedisChannelStore {
  constructor(connection: Redis | string, keyPrefix?: string);
}
export declare class RedisSessionStore {
  constructor(connection: Redis | string, keyPrefix?: string, ttlSeconds?: number);
}
export declare class RedisDeploymentService {
  constructor(
    config: { heartbeatInterval?: number; heartbeatTtl?: number },
    connection: Redis | string,
    keyPrefix?: string,
  );
}
