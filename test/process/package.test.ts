import { isUtf8 } from 'node:buffer';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type OutputOptions, type RolldownOptions, rolldown } from 'rolldown';
import { beforeAll, describe, expect, test } from 'vitest';
import { packagesOf } from '../../build/notices.mjs';
import config from '../../rolldown.config.mjs';
import { root, scratch } from '../flue.ts';
import { packedTarball } from '../servers/package.mjs';

/** Is the package what it should be: what is in it, what is not, and whether it runs where nothing else is. */
let folder: string;
beforeAll(() => {
  const tarball = packedTarball();
  folder = scratch('packed');
  execFileSync('tar', ['xzf', tarball, '-C', folder]);
  folder = path.join(folder, 'package');
}, 120_000);

const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
const files = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => path.relative(folder, path.join(one.parentPath, one.name)));

describe('what is packed', () => {
  test('the manifest runs nothing at its users', () => {
    const manifest = JSON.parse(read('package.json'));
    expect(manifest).toMatchObject({ name: 'flue-db', bin: { 'flue-db': 'bin/flue-db.js', flue: 'bin/flue.js' } });
    for (const field of ['scripts', 'dependencies', 'devDependencies']) expect(manifest).not.toHaveProperty(field);
  });

  test('licences, documents and schemas are there', () => {
    for (const name of [
      'LICENSE',
      'THIRD-PARTY-NOTICES',
      'README.md',
      'schema/output.schema.json',
      'dist/help/flue-db.txt',
    ])
      expect(existsSync(path.join(folder, name)), name).toBe(true);
  });

  test('only text: no cache of a compiler, no source map, no test', () => {
    const odd = files().filter(
      (name) => !/\.(?:[cm]?js|json|ts|txt|md|svg)$|^(?:LICENSE|THIRD-PARTY-NOTICES)$/.test(name),
    );
    expect(odd).toEqual([]);
    for (const name of files()) expect(isUtf8(readFileSync(path.join(folder, name))), name).toBe(true);
    expect(files().filter((name) => /compiled|\.map$|test/.test(name))).toEqual([]);
    for (const name of files().filter((one) => /^(?:bin|dist\/[^/]+\.cjs)/.test(one)))
      expect(read(name), name).not.toContain('FLUE_COMPILE_TO');
  });

  test('no path of the machine that built it', () => {
    for (const name of files().filter((one) => one.startsWith('dist/'))) expect(read(name), name).not.toContain(root);
  });
});

test('a checkout that is not built says so', () => {
  const checkout = scratch('unbuilt');
  cpSync(path.join(root, 'bin'), path.join(checkout, 'bin'), { recursive: true });
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [path.join(checkout, 'bin/flue-db.js'), ...words], { encoding: 'utf8' });
  for (const words of [['--help'], ['add', 'postgres', '--json']])
    expect(run(...words)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: `error: the checkout in \`${checkout}\` is not built\nhint: \`npm run build\` there, then run it again\n`,
    });
});

test('every package of which something is bundled has its licence in the notices', { timeout: 60_000 }, async () => {
  const { output: options, ...input } = config as RolldownOptions & { output: OutputOptions };
  const bundle = await rolldown({ ...input, cwd: root, logLevel: 'silent' });
  const { output } = await bundle.generate(options);
  await bundle.close();
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? Object.keys(chunk.modules) : []));
  const packages = packagesOf(modules);
  // More than a hundred files of others; a list that finds few has found none.
  expect(packages.length).toBeGreaterThan(60);
  const notices = read('THIRD-PARTY-NOTICES')
    .split(`\n${'-'.repeat(100)}\n`)
    .slice(1);
  const titles = notices.map((one) => one.split('\n')[0]);
  expect(titles).toEqual(packages.map(({ name, version, license }) => `${name} ${version} (${license})`));
  for (const notice of notices) expect(notice.length, notice.split('\n')[0]).toBeGreaterThan(100);
  for (const name of ['typescript', 'commander', 'prettier', '@clack/prompts'])
    expect(titles.join('\n')).toContain(`\n${name} `);
});

test('it runs from where it was unpacked, with nothing beside it', () => {
  const project = scratch('user');
  mkdirSync(path.join(project, 'src'));
  writeFileSync(path.join(project, 'package.json'), '{ "dependencies": { "@flue/runtime": "2.0.3" } }\n');
  writeFileSync(path.join(project, 'package-lock.json'), '{}');
  const run = (bin: string, ...args: string[]) =>
    execFileSync(process.execPath, [path.join(folder, 'bin', bin), ...args], {
      cwd: project,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  expect(run('flue-db.js', '--version')).toBe(run('flue.js', '--version'));
  expect(run('flue-db.js')).toContain('flue-db add postgres --json');
  const answer = JSON.parse(run('flue-db.js', 'add', 'postgres', '--no-install', '--json'));
  expect(answer).toMatchObject({ ok: true, applied: true, changed: ['package.json', 'src/db.js'] });
  expect(JSON.parse(run('flue.js', 'remove', 'database', '--no-install', '--json'))).toMatchObject({ applied: true });
});
