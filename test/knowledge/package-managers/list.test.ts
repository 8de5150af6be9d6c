import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../../src/commands/flags.ts';
import { managerNamed, packageManagerNames, packageManagers } from '../../../src/knowledge/package-managers/index.ts';
import { root } from '../../flue.ts';

/** Adding a package manager is adding its file and its line in the list: nothing else in src knows one by its name. */
const src = path.join(root, 'src');
const home = 'knowledge/package-managers';
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => file.endsWith('.ts'));

test.each(packageManagers.map((one) => [one.name, one] as const))('%s has a file of its name', async (name, one) => {
  expect((await import(path.join(src, home, `${name}.ts`)))[name]).toBe(one);
});

test.each(packageManagerNames)('no other file decides by the name %s', (name) => {
  // Another manager may have a setting of that name: Yarn's `nodeLinker` is one.
  const own = [...packageManagerNames, 'index'].map((one) => `${home}/${one}.ts`);
  // What is not the project's own install comes by npm, as it comes with Node: the binaries of a throwaway server.
  own.push('verify/throwaway/postgres.ts');
  const knowing = files
    .filter((file) => !own.includes(file))
    .filter((file) => readFileSync(path.join(src, file), 'utf8').includes(`'${name}'`));
  expect(knowing).toEqual([]);
});

test('the command line takes each of them, npm first', () => {
  expect(packageManagerNames[0]).toBe('npm');
  for (const command of ['add', 'remove']) {
    const flag = commands.find(({ name }) => name === command)?.flags.find(({ name }) => name === '--package-manager');
    expect(flag?.values).toEqual(packageManagerNames);
  }
});

const manifest = { name: 'pg', specifier: '^8.0.0' };

/**
 * A lockfile of each, for a workspace in which the root and `apps/a` have different versions of pg, and pg needs
 * pg-types.
 */
const lockfiles: Record<string, { text: string; root: string; member: string }> = {
  npm: {
    text: JSON.stringify({
      lockfileVersion: 3,
      packages: {
        'node_modules/pg': { version: '8.1.0', dependencies: { 'pg-types': '2.0.0' } },
        'apps/a/node_modules/pg': { version: '8.2.0', dependencies: { 'pg-types': '2.0.0' } },
      },
    }),
    root: '8.1.0',
    member: '8.2.0',
  },
  pnpm: {
    text: `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      pg:
        specifier: ^8.0.0
        version: 8.1.0

  apps/a:
    dependencies:
      pg:
        specifier: ^8.0.0
        version: 8.2.0(pg-native@3.0.0)

snapshots:

  pg@8.1.0:
    dependencies:
      pg-types: 2.0.0
`,
    root: '8.1.0',
    member: '8.2.0',
  },
  yarn: {
    text: `__metadata:
  version: 8

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    pg: "npm:^8.0.0"

"a@workspace:apps/a":
  version: 0.0.0-use.local
  resolution: "a@workspace:apps/a"
  dependencies:
    pg: "npm:8.2.0"

"pg@npm:^8.0.0":
  version: 8.1.0
  dependencies:
    pg-types: "npm:2.0.0"

"pg@npm:8.2.0":
  version: 8.2.0
  dependencies:
    pg-types: "npm:2.0.0"
`,
    root: '8.1.0',
    member: '8.2.0',
  },
  bun: {
    text: `{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "app" },
    "apps/a": { "name": "a" },
  },
  "packages": {
    "pg": ["pg@8.1.0", "", { "dependencies": { "pg-types": "2.0.0" } }, "sha512-x"],
    "a/pg": ["pg@8.2.0", "", { "dependencies": { "pg-types": "2.0.0" } }, "sha512-y"],
  }
}
`,
    root: '8.1.0',
    member: '8.2.0',
  },
  deno: {
    text: JSON.stringify({
      version: '5',
      specifiers: { 'npm:pg@8': '8.1.0', 'npm:pg@8.2': '8.2.0' },
      npm: { 'pg@8.1.0': { dependencies: ['pg-types'] }, 'pg@8.2.0': { dependencies: ['pg-types'] } },
      workspace: {
        packageJson: { dependencies: ['npm:pg@8'] },
        members: { 'apps/a': { packageJson: { dependencies: ['npm:pg@8.2'] } } },
      },
    }),
    root: '8.1.0',
    member: '8.2.0',
  },
};

describe.each(packageManagerNames)('the lockfile of %s', (name) => {
  const { text, ...versions } = lockfiles[name]!;
  const manager = managerNamed(name)!;

  test('gives each package of the workspace its own version', () => {
    const open = manager.openLockfile(text);
    expect(open({ ...manifest, member: '.' })).toBe(versions.root);
    expect(open({ ...manifest, member: 'apps/a' })).toBe(versions.member);
    expect(open({ ...manifest, name: 'redis', member: '.' })).toBeNull();
  });

  test('names what a package depends on', () => {
    const { names } = manager.dependencyNames(text);
    expect([...(names.get('pg') ?? [])]).toEqual(['pg-types']);
  });

  test.each(['', '\0\xff', '{', '[]', 'null', '<<<<<<< HEAD\n'])('says nothing where its text is %j', (broken) => {
    expect(manager.openLockfile(broken)({ ...manifest, member: '.' })).toBeNull();
    expect(manager.dependencyNames(broken).names.size).toBe(0);
  });
});

describe('a lockfile of pnpm', () => {
  const versionIn = (text: string) => managerNamed('pnpm')!.openLockfile(text)({ ...manifest, member: '.' });
  const project = (version: string) =>
    `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      pg:\n        specifier: ^8.0.0\n        version: ${version}\n`;
  const itself =
    "---\nlockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    configDependencies: {}\n    packageManagerDependencies:\n      pnpm:\n        specifier: 11.0.0\n        version: 11.0.0\n\n---\n";

  test.each([
    ['behind the document of pnpm itself', itself + project('8.1.0'), '8.1.0'],
    ['the same with CRLF', (itself + project('8.1.0')).replaceAll('\n', '\r\n'), '8.1.0'],
    ['with a peer in format 5', 'lockfileVersion: 5.4\n\ndependencies:\n  pg: 8.1.0_pg-native@3.0.0\n', '8.1.0'],
    [
      'a prerelease with peers in format 5',
      'lockfileVersion: 5.4\n\ndependencies:\n  pg: 8.1.0-beta.2_4bq7x\n',
      '8.1.0-beta.2',
    ],
    ['a scope among its peers', project('8.1.0(@types/node@22.0.0)(pg-native@3.0.0)'), '8.1.0'],
    ['behind an alias', project("'@acme/pg@8.3.0'"), '8.3.0'],
    ['a link', project('link:../pg'), null],
  ])('gives the version of the project: %s', (_, text, version) => expect(versionIn(text)).toBe(version));
});
