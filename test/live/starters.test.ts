import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everything } from '../every.ts';
import { bin, scratch, treeOf } from '../flue.ts';
import { bootServer, runIn } from '../servers/flue.mjs';
import { fetchedPackages, packageManager } from '../servers/package-managers.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { startRegistry } from '../servers/registry.mjs';

/**
 * What a new user has: the projects that Flue's own `init` makes, by the real @flue/cli, and then one command of ours.
 */
const cli = path.join(fetchedPackages('flue-cli-2.0.3', ['@flue/cli@2.0.3']), '.bin/flue');

async function starter(target: string, ...flags: string[]): Promise<string> {
  const folder = scratch(target);
  const made = await runIn(folder, 'node', [cli, 'init', 'app', '--target', target, ...flags]);
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

const addIn = (project: string, ...more: string[]) =>
  runIn(project, 'node', [bin, 'add', 'database', 'postgres', '--json', ...more]);

test('for Node: its sqlite is replaced, nothing else, and comes back', { timeout: 120_000 }, async () => {
  const project = await starter('node', '--deploy');
  const before = treeOf(project);
  const added = await addIn(project, '--no-install');
  expect(added.code, added.output).toBe(0);
  expect(JSON.parse(added.stdout)).toMatchObject({ applied: true, choice: { entry: { path: 'src/db.ts' } } });
  expect(changed(project).sort()).toEqual(['package.json', 'src/db.ts']);
  expect(JSON.parse((await addIn(project, '--no-install')).stdout)).toMatchObject({ plan: { operations: [] } });
  const removed = await runIn(project, 'node', [bin, 'remove', 'database', '--no-install', '--json']);
  expect(removed.code, removed.output).toBe(0);
  expect(treeOf(project)).toEqual(before);
});

/** With its packages: whole-way.ts does the same for a sample of ours, so this one is not for every run. */
function withPackages(): void {
  let registry: Awaited<ReturnType<typeof startRegistry>>;
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  beforeAll(async () => {
    registry = await startRegistry();
    postgres = await startPostgres();
  }, 120_000);
  afterAll(async () => {
    await postgres?.stop();
    registry?.close();
  });

  test('it typechecks, builds, and its state is in Postgres', { timeout: 300_000 }, async () => {
    const env = { ...registry.env, PATH: `${packageManager('npm@11')}${path.delimiter}${process.env.PATH}` };
    const project = await starter('node', '--deploy');
    const run = async (program: string, ...args: string[]) => {
      const ran = await runIn(project, program, args, env);
      expect(ran.code, ran.output).toBe(0);
    };
    await run('npm', 'install', '--no-audit', '--no-fund');
    execFileSync('git', ['add', '-A'], { cwd: project });
    const manifest = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));
    await run('node', bin, 'add', 'database', 'postgres', '--json');
    expect(changed(project).sort()).toEqual(['package-lock.json', 'package.json', 'src/db.ts']);
    for (const script of ['check:types', 'build']) await run('npm', 'run', script);
    const server = await bootServer(project, { DATABASE_URL: postgres.url });
    await server.stop();
    expect(await postgres.admin("SELECT to_regclass('flue_stand_in')::text AS name")).toEqual([
      { name: 'flue_stand_in' },
    ]);
    await run('node', bin, 'remove', 'database', '--json');
    expect(JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'))).toEqual(manifest);
  });
}
if (everything) describe('for Node, with its packages', withPackages);

test('for Cloudflare: refused before anything, a question included', { timeout: 60_000 }, async () => {
  const project = await starter('cloudflare');
  const before = treeOf(project);
  const refused = await addIn(project);
  expect(refused.code).toBe(3);
  expect(JSON.parse(refused.stdout).problem.code).toBe('wrong-target');
  expect(treeOf(project)).toEqual(before);
});
