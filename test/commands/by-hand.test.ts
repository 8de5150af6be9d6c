import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { add } from '../../src/commands/add.ts';
import { root, scratch } from '../flue.ts';

test("the line that Pikku's services need is not asked for again, once it was added by hand", async () => {
  const folder = scratch('by-hand');
  cpSync(path.join(root, 'fixtures/pikku/printed-commonjs/before'), folder, { recursive: true });
  const services = path.join(folder, 'src/services.js');
  const flags = { cwd: folder, var: [], install: false, dryRun: true, json: true, yes: true };
  const steps = async () => (await add('database', 'redis', flags)).plan!.next.map(({ text }) => text).join('\n');
  expect(await steps()).toContain('createRedisServices');
  const line = "rates, ...(await (await import('./redis.mjs')).createRedisServices()) }\n";
  writeFileSync(services, readFileSync(services, 'utf8').replace('rates }\n', line));
  const again = await steps();
  expect(again).toContain('REDIS_URL');
  expect(again).not.toContain('createRedisServices');
});
