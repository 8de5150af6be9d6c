import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bin, scratch, treeOf } from '../flue.ts';
import { bootServer, runIn } from '../servers/flue.mjs';
import { packageManager } from '../servers/package-managers.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { startRegistry } from '../servers/registry.mjs';

/** What a new user has: the projects that Flue's own `init` makes, by the real @flue/cli, and then one command of ours. */
let registry: Awaited<ReturnType<typeof startRegistry>>;
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let env: NodeJS.ProcessEnv;
let cli: string;

beforeAll(async () => {
  [registry, postgres] = await Promise.all([startRegistry(), startPostgres()]);
  env = { ...registry.env, PATH: `${packageManager('npm@11')}${path.delimiter}${process.env.PATH}` };
  cli = scratch('cli');
  writeFileSync(path.join(cli, 'package.json'), '{ "private": true }');
  const installed = await runIn(cli, 'npm', ['install', '--no-audit', '--no-fund', '@flue/cli@2.0.3'], env);
  expect(installed.code, installed.output).toBe(0);
}, 300_000);
afterAll(async () => {
  await postgres.stop();
  registry.close();
});

async function starter(target: string, ...flags: string[]): Promise<string> {
  const folder = scratch(target);
  const args = [path.join(cli, 'node_modules/.bin/flue'), 'init', 'app', '--target', target, ...flags];
  const made = await runIn(folder, 'node', args, env);
  expect(made.code, made.output).toBe(0);
  const project = path.join(folder, 'app');
  // Its ranges reach runtimes for which no Vite plugin is in the registry.
  const manifest = path.join(project, 'package.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/("@flue\/\w+": ")\^/g, '$1'));
  execFileSync('git', ['init', '-q'], { cwd: project });
  execFileSync('git', ['add', '-A'], { cwd: project });
  return project;
}

const changed = (project: string) =>
  execFileSync('git', ['status', '--short', '--untracked-files=all'], { cwd: project, encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '' && line[1] !== ' ')
    .map((line) => line.slice(3));

const add = [bin, 'add', 'database', 'postgres', '--json'];

test('for Node: its sqlite is replaced, it builds, and its state is in Postgres', { timeout: 300_000 }, async () => {
  const project = await starter('node', '--deploy');
  const installed = await runIn(project, 'npm', ['install', '--no-audit', '--no-fund'], env);
  expect(installed.code, installed.output).toBe(0);
  execFileSync('git', ['add', '-A'], { cwd: project });

  const scaffold = readFileSync(path.join(project, 'src/db.ts'), 'utf8');
  const manifest = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));
  const added = await runIn(project, 'node', add, env);
  expect(added.code, added.output).toBe(0);
  expect(JSON.parse(added.stdout)).toMatchObject({ applied: true, choice: { entry: { path: 'src/db.ts' } } });
  expect(changed(project).sort()).toEqual(['package-lock.json', 'package.json', 'src/db.ts']);
  expect(JSON.parse((await runIn(project, 'node', add, env)).stdout)).toMatchObject({ plan: { operations: [] } });

  execFileSync('git', ['add', '-A'], { cwd: project });
  for (const script of ['check:types', 'build']) {
    const ran = await runIn(project, 'npm', ['run', script], env);
    expect(ran.code, ran.output).toBe(0);
  }
  const server = await bootServer(project, { DATABASE_URL: postgres.url });
  await server.stop();
  expect(await postgres.admin("SELECT to_regclass('flue_stand_in')::text AS name")).toEqual([
    { name: 'flue_stand_in' },
  ]);

  const removed = await runIn(project, 'node', [bin, 'remove', 'database', '--json'], env);
  expect(removed.code, removed.output).toBe(0);
  expect(readFileSync(path.join(project, 'src/db.ts'), 'utf8')).toBe(scaffold);
  expect(JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'))).toEqual(manifest);
});

test('for Cloudflare: refused before anything, a question included', { timeout: 60_000 }, async () => {
  const project = await starter('cloudflare');
  const before = treeOf(project);
  const refused = await runIn(project, 'node', add, env);
  expect(refused.code).toBe(3);
  expect(JSON.parse(refused.stdout).problem.code).toBe('wrong-target');
  expect(treeOf(project)).toEqual(before);
});
