import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inspectPackageManager } from '../../../src/knowledge/package-managers/inspect.ts';
import { openProject } from '../../../src/knowledge/package-managers/open.ts';
import { inspectWorkspace } from '../../../src/knowledge/package-managers/workspaces.ts';
import { readManifest } from '../../../src/project/manifest.ts';
import { scratch } from '../../flue.ts';

const lockfiles = {
  npm: { 'package-lock.json': '{}' },
  pnpm: { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
  'yarn 1': { 'yarn.lock': '# yarn lockfile v1\n' },
  'yarn 4': { 'yarn.lock': '__metadata:\n  version: 8\n' },
  bun: { 'bun.lock': '{}' },
};
type Manager = keyof typeof lockfiles;

/** What is known of the package manager of a project of those files. `at`: the folder of its package.json. */
async function managerIn(manager: Manager, files: Record<string, string>, at = '.') {
  const folder = scratch('settings');
  const all = { [`${at}/package.json`]: '{}', ...lockfiles[manager], ...files };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const project = openProject(path.join(folder, at));
  const membership = await inspectWorkspace(project);
  const asked = { packageManager: undefined, installs: false };
  return (await inspectPackageManager(project, readManifest(project, '.')!, membership, asked)).value!;
}

test.each<[manager: Manager, file: string, text: string, prefix: string]>([
  ['npm', '.npmrc', 'save-exact=true\n', ''],
  ['npm', '.npmrc', 'save-exact = true ; no ranges\n', ''],
  ['npm', '.npmrc', "save-prefix='~'\n", '~'],
  ['npm', '.npmrc', 'save-prefix=""\n', ''],
  ['npm', '.npmrc', '# save-exact=true\n', '^'],
  ['pnpm', '.npmrc', 'save-exact=true\n', ''],
  ['pnpm', 'pnpm-workspace.yaml', 'savePrefix: "~"\n', '~'],
  ['pnpm', 'pnpm-workspace.yaml', 'saveExact: true\n', ''],
  ['yarn 1', '.yarnrc', 'save-prefix "~"\n', '~'],
  ['yarn 1', '.npmrc', 'save-exact=true\n', ''],
  ['yarn 4', '.yarnrc.yml', 'defaultSemverRangePrefix: ""\n', ''],
  ['yarn 4', '.npmrc', 'save-exact=true\n', '^'],
  ['bun', 'bunfig.toml', '[install]\nexact = true\n', ''],
  ['bun', '.npmrc', 'save-exact=true\n', ''],
])('%s saves versions as %s says: %j', async (manager, file, text, prefix) => {
  expect((await managerIn(manager, { [file]: text })).savePrefix).toBe(prefix);
});

const forced = { pg: '8.11.0', ioredis: '^5.4.0' };
const map = JSON.stringify({
  ...forced,
  'a>pg': '1.0.0',
  'b/pg': '1.0.0',
  'pg@7': '7.1.0',
  redis: 'npm:iovalkey@0.3.3',
});
test.each<[manager: Manager, file: string, text: string, overrides: object]>([
  ['npm', 'package.json', `{ "overrides": ${map} }`, forced],
  [
    'npm',
    'package.json',
    '{ "overrides": { "pg": { ".": "8.11.0", "pg-pool": "3.6.0" }, "redis": "$redis" } }',
    { pg: '8.11.0' },
  ],
  ['npm', 'package.json', `{ "resolutions": ${map} }`, {}],
  ['pnpm', 'package.json', `{ "pnpm": { "overrides": ${map} } }`, forced],
  ['pnpm', 'package.json', `{ "packageManager": "pnpm@12.0.1", "pnpm": { "overrides": ${map} } }`, {}],
  ['pnpm', 'pnpm-workspace.yaml', `overrides: ${map}\n`, forced],
  ['yarn 1', 'package.json', '{ "resolutions": { "**/pg": "8.11.0", "**/a/pg": "1.0.0" } }', { pg: '8.11.0' }],
  [
    'yarn 4',
    'package.json',
    '{ "resolutions": { "pg": "8.11.0", "pg@npm:^8": "8.1.0", "redis": "patch:redis@npm:5#x" } }',
    { pg: '8.11.0' },
  ],
  ['bun', 'package.json', `{ "resolutions": ${map} }`, forced],
])('%s forces versions on packages, by %s: %s', async (manager, file, text, overrides) => {
  expect((await managerIn(manager, { [file]: text })).overrides).toEqual(overrides);
});

test.each<[manager: Manager, file: string, text: string, because: string | null]>([
  ['bun', 'bunfig.toml', '[install]\nfrozenLockfile = true\n', 'line 2: `frozenLockfile = true`'],
  ['bun', 'bunfig.toml', 'install.frozenLockfile = true\n', 'line 1: `install.frozenLockfile = true`'],
  ['bun', 'bunfig.toml', '[install]\n"production" = true # CI\n', 'line 2: `"production" = true # CI`'],
  ['bun', 'bunfig.toml', '[install]\n# frozenLockfile = true\nfrozenLockfile = false\n', null],
  ['yarn 1', '.yarnrc', '--install.frozen-lockfile true\n', 'line 1: `--install.frozen-lockfile true`'],
  ['pnpm', '.npmrc', 'frozen-lockfile=true\n', null],
  ['yarn 4', '.yarnrc.yml', 'enableImmutableInstalls: true\n', null],
])('%s may not change its lockfile, by %s: %j', async (manager, file, text, because) => {
  const { obstacle } = await managerIn(manager, { [file]: text });
  expect(obstacle && [obstacle.code, obstacle.because.split(' of `')[0]]).toEqual(because && ['frozen', because]);
});

/** Measured with npm 10 and 11, pnpm 9 to 12, and Bun 1.4. */
test.each<[manager: Manager, file: string, text: string, obstacle: string | null]>([
  ['npm', '.npmrc', 'dry-run=true\n', 'line 1: `dry-run=true` of `.npmrc`'],
  ['npm', '.npmrc', '; all\n dry-run\n', 'line 2: `dry-run` of `.npmrc`'],
  ['npm', '.npmrc', 'dry-run = "1"\n', 'line 1: `dry-run = "1"` of `.npmrc`'],
  ['npm', '.npmrc', 'global=true\n', 'line 1: `global=true` of `.npmrc`'],
  ['npm', '.npmrc', 'location=global\n', 'line 1: `location=global` of `.npmrc`'],
  ['npm', '.npmrc', 'location=project\ndry-run=false\nglobal=null\n', null],
  ['npm', '.npmrc', '# dry-run=true\n[other]\ndry-run=true\n', null],
  ['npm', '.npmrc', 'dry-run-later=true\nprefix=/opt\npackage-lock=false\n', null],
  ['pnpm', '.npmrc', 'dry-run=true\nglobal=true\n', null],
  ['pnpm', 'pnpm-workspace.yaml', 'dryRun: true\n', 'line 1: `dryRun: true` of `pnpm-workspace.yaml`'],
  ['bun', 'bunfig.toml', '[install]\ndryRun = true\n', 'line 2: `dryRun = true` of `bunfig.toml`'],
  ['bun', '.npmrc', 'dry-run=true\n', 'line 1: `dry-run=true` of `.npmrc`'],
  ['bun', '.npmrc', 'dry-run=1\n', null],
  ['bun', 'bunfig.toml', '[install]\ndryRun = false\n', null],
  ['yarn 1', '.npmrc', 'dry-run=true\nglobal=true\n', null],
])('%s installs nothing here, by %s: %j', async (manager, file, text, because) => {
  const { obstacle } = await managerIn(manager, { [file]: text });
  expect(obstacle && [obstacle.code, obstacle.because.split(' keeps ')[0]]).toEqual(because && ['no-effect', because]);
});

test.each<[manager: Manager, file: string, text: string, by: string | null]>([
  ['npm', '.npmrc', 'package-lock-only=true\n', 'line 1: `package-lock-only=true` of `.npmrc`'],
  ['npm', '.npmrc', 'package-lock=false\nlockfile-only=true\n', null],
  ['pnpm', '.npmrc', 'lockfile-only=true\n', 'line 1: `lockfile-only=true` of `.npmrc`'],
  ['pnpm', 'pnpm-workspace.yaml', 'lockfileOnly: true\n', 'line 1: `lockfileOnly: true` of `pnpm-workspace.yaml`'],
  ['pnpm', 'package.json', '{ "packageManager": "pnpm@12.0.0" }', null],
])('%s writes the lockfile alone, by %s: %j', async (manager, file, text, by) => {
  const both = manager === 'pnpm' && by === null ? { '.npmrc': 'lockfile-only=true\n' } : {};
  const { lockfileOnly = null } = await managerIn(manager, { [file]: text, ...both });
  expect(lockfileOnly && lockfileOnly.split('by ')[1]!.replace(/: install.*/, '')).toBe(by);
});

test.each<[manager: Manager, variable: string, value: string, npmrc: string, code: string | undefined]>([
  ['npm', 'npm_config_dry_run', 'true', '', 'no-effect'],
  ['npm', 'NPM_CONFIG_GLOBAL', 'true', '', 'no-effect'],
  ['npm', 'npm_config_dry_run', 'false', 'dry-run=true\n', undefined],
  ['npm', 'npm_config_dry_run', '', 'dry-run=true\n', 'no-effect'],
  ['bun', 'npm_config_dry_run', 'true', '', undefined],
])('%s with %s=%j and %j', async (manager, variable, value, npmrc, code) => {
  const before = process.env[variable];
  process.env[variable] = value;
  try {
    expect((await managerIn(manager, { '.npmrc': npmrc })).obstacle?.code).toBe(code);
  } finally {
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  }
});

const folders = '{ "private": true, "workspaces": ["apps/*"] }';
test.each<[manager: Manager, file: string, text: string, obstacle: string | undefined]>([
  ['pnpm', 'pnpm-workspace.yaml', "packages: ['apps/*']\n", 'not-a-member'],
  ['pnpm', 'pnpm-workspace.yaml', "packages: ['tools/*', '!tools/agents']\n", 'not-a-member'],
  ['pnpm', 'pnpm-workspace.yaml', "packages: ['tools/**']\n", undefined],
  ['yarn 4', 'package.json', folders, 'not-a-member'],
  // These install for the folder alone.
  ['yarn 1', 'package.json', folders, undefined],
  ['npm', 'package.json', folders, undefined],
  ['bun', 'package.json', folders, undefined],
])('%s in a folder below a workspace, by %s: %s', async (manager, file, text, obstacle) => {
  const { obstacle: found } = await managerIn(manager, { [file]: text }, 'tools/agents');
  expect(found?.code).toBe(obstacle);
});

test.each<[manager: string, file: string, text: string]>([
  ['pnpm', 'pnpm-workspace.yaml', 'packages:\n  - apps/*\n'],
  ['npm', 'package.json', '{ "workspaces": ["apps/*"] }'],
  ['deno', 'deno.json', '{ "workspace": ["./apps/*"] }'],
  ['deno', 'deno.jsonc', '// all of it\n{ "workspace": { "members": ["apps/*"] } }'],
])('without a repository the root of a workspace of %s, in %s, is as far as anything is looked for', async (...one) => {
  const [, file, text] = one;
  const folder = scratch('workspace');
  rmSync(path.join(folder, '.git'), { recursive: true });
  const at = path.join(folder, 'around/apps/a');
  mkdirSync(at, { recursive: true });
  writeFileSync(path.join(at, 'package.json'), '{}');
  writeFileSync(path.join(folder, 'package.json'), '{}');
  expect(openProject(at).upward).toEqual(['.']);
  writeFileSync(path.join(folder, 'around', file), text);
  const project = openProject(at);
  expect(project.upward).toEqual(['.', '..', '../..']);
  expect((await inspectWorkspace(project)).root).toMatchObject({ value: '../..' });
});
