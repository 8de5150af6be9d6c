import type { PersistenceAdapter } from '@flue/runtime/adapter';

export type RedisArgument = string | number | Uint8Array;
export interface RedisRunner {
  command(name: string, args?: RedisArgument[]): Promise<unknown>;
  eval(script: string, keys: string[], args?: RedisArgument[]): Promise<unknown>;
  pipeline?(list: { command: string; args?: RedisArgument[] }[]): Promise<unknown[]>;
  close(): void | Promise<void>;
}
export interface RedisOptions {
  keyPrefix?: string;
  inspectServer?: boolean;
}
export function redis(runner: RedisRunner, options?: RedisOptions): PersistenceAdapter;
