import { durable } from './durable.js';
import { probeRedis } from './probes.js';

/** Stands in for @flue/redis; not an adapter. The state travels as base64, so bytes are probed apart. */
export function redis(runner) {
  const key = 'flue:stand-in';
  return durable({
    prepare: () => probeRedis(runner),
    async load() {
      const text = await runner.command('GET', [key]);
      return text ? Buffer.from(String(text), 'base64') : null;
    },
    async save(bytes) {
      await runner.pipeline([{ command: 'SET', args: [key, Buffer.from(bytes).toString('base64')] }]);
    },
    close: () => runner.close(),
  });
}
