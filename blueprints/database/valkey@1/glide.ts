// flue-blueprint: database/valkey@1
import { setTimeout } from 'node:timers/promises';
import { redis } from '@flue/redis';
import { Batch, Decoder, GlideClient } from '@valkey/valkey-glide';

let client: Promise<GlideClient> | undefined;
let current: GlideClient | undefined;
let pending = 0;

/** Made on first use: building or importing this file connects to nothing. */
async function connect(): Promise<GlideClient> {
  client ??= open().catch((error) => {
    client = undefined;
    throw error;
  });
  current = await client;
  return current;
}

async function open(): Promise<GlideClient> {
  const text = process.env.VALKEY_URL;
  if (!text) {
    throw new Error('VALKEY_URL is not set, and db.ts needs it: a Valkey connection URL.');
  }
  const url = new URL(text);
  const username = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const opening = await GlideClient.createClient({
    addresses: [{ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || 6379 }],
    useTLS: url.protocol === 'rediss:' || url.protocol === 'valkeys:',
    databaseId: Number(url.pathname.slice(1)) || 0,
    ...(password && { credentials: username ? { username, password } : { password } }),
    // Replies as Buffers, so that bytes stay bytes. Its own limit of 250 ms gives up on commands the server then still runs.
    defaultDecoder: Decoder.Bytes,
    requestTimeout: 10_000,
    advancedConfiguration: { connectionTimeout: 10_000 },
  });
  try {
    await opening.ping();
  } catch (error) {
    opening.close();
    throw error;
  }
  return opening;
}

/** Keeps count of what is pending, as closing the client would cut it off. */
async function counted<T>(run: (connected: GlideClient) => Promise<T>): Promise<T> {
  pending += 1;
  try {
    return await run(current ?? (await connect()));
  } finally {
    pending -= 1;
  }
}

/** Text stays text, numbers become text, bytes stay bytes. */
function encode(argument: string | number | Uint8Array): string | Buffer {
  if (typeof argument === 'string') return argument;
  return typeof argument === 'number' ? String(argument) : Buffer.from(argument);
}

/** The client's maps and booleans as the flat lists and numbers that the protocol has. */
function plain(reply: unknown): unknown {
  if (typeof reply === 'boolean') return Number(reply);
  if (!Array.isArray(reply)) return reply;
  const isMap = reply.length > 0 && reply.every((one) => one !== null && typeof one === 'object' && 'key' in one);
  return isMap ? reply.flatMap(({ key, value }) => [key, plain(value)]) : reply.map(plain);
}

const adapter = redis({
  command: (name, args = []) => counted(async (on) => plain(await on.customCommand([name, ...args.map(encode)]))),
  eval: (script, keys, args = []) =>
    counted(async (on) =>
      plain(await on.customCommand(['EVAL', script, String(keys.length), ...keys, ...args.map(encode)])),
    ),
  // MULTI and EXEC: nobody sees half of it, and it rejects when a command failed.
  pipeline: (commands) =>
    counted(async (on) => {
      const batch = new Batch(true);
      for (const { command, args = [] } of commands) batch.customCommand([command, ...args.map(encode)]);
      return ((await on.exec(batch, true)) ?? []).map(plain);
    }),
  close: async () => {
    const closing = await client?.catch(() => undefined);
    client = current = undefined;
    // Waits for what is pending, but not for ever.
    for (let patience = 5_000; pending > 0 && patience > 0; patience -= 10) await setTimeout(10);
    closing?.close();
  },
});

export default {
  ...adapter,
  // Connects first: the adapter's own first command would hide why the connection failed.
  async migrate() {
    await connect();
    await adapter.migrate?.();
  },
};
