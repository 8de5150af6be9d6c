import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bin } from '../flue.ts';
import { bootServer, runIn, sampleProject, talk } from '../servers/flue.mjs';
import { packageManager } from '../servers/package-managers.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { startRegistry } from '../servers/registry.mjs';

/**
 * The whole way, with nothing of ours or Flue's replaced but the adapter package: a real project, a real install by the real
 * package manager, Flue's own build, its server, and state that is there after a restart.
 */
let registry: Awaited<ReturnType<typeof startRegistry>>;
let server: Awaited<ReturnType<typeof startPostgres>>;
beforeAll(async () => {
  [registry, server] = await Promise.all([startRegistry(), startPostgres()]);
}, 120_000);
afterAll(async () => {
  await server.stop();
  registry.close();
});

test.each([
  ['two', 'npm', 'npm@11'],
  ['beta', 'npm', 'npm@11'],
  ['two', 'pnpm', 'pnpm@10'],
] as const)('Flue %s, %s: add, build, boot, restart', { timeout: 400_000 }, async (line, name, version) => {
  const manager = packageManager(version);
  const env = { ...registry.env, PATH: `${manager}${path.delimiter}${process.env.PATH}` };
  const folder = sampleProject(line);
  const install = await runIn(folder, name, ['install'], env);
  expect(install.code, install.output).toBe(0);

  const added = await runIn(folder, process.execPath, [bin, 'add', 'database', 'postgres', '--json'], env);
  expect(added.code, added.output).toBe(0);
  expect(JSON.parse(added.stdout)).toMatchObject({ ok: true, applied: true });
  const again = await runIn(folder, process.execPath, [bin, 'add', 'database', 'postgres', '--json'], env);
  expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, applied: false, plan: { operations: [] } });
  const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  expect(dependencies['@flue/postgres']).toBe(dependencies['@flue/runtime']);

  const types = await runIn(folder, 'tsc', ['-p', '.']);
  expect(types.code, types.output).toBe(0);
  const build = await runIn(folder, line === 'two' ? 'vite' : 'flue', ['build']);
  expect(build.code, build.output).toBe(0);
  if (line === 'beta') expect(build.output).toMatch(/database\s+src\/db\.ts/);

  const unset = await bootServer(folder, {}).catch((error: Error) => error);
  expect(String(unset)).toContain('Failed to initialize persistence from db.ts: DATABASE_URL is not set');

  const variables = { DATABASE_URL: server.url };
  const first = await bootServer(folder, variables);
  expect(await talk(line, first.base, 'c1', 'hi')).toBe('turns=1');
  await first.stop();
  const second = await bootServer(folder, variables);
  expect(await talk(line, second.base, 'c1', 'again')).toBe('turns=2');
  await second.stop();
  await server.admin('DROP TABLE flue_stand_in');
  rmSync(folder, { recursive: true, force: true });
});
