import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, copyOfProgram } from '../copy.ts';
import { projectFrom, root, scratch } from '../flue.ts';
import { mayImport } from '../rooms.ts';

/**
 * What the build really does, module by module: it is bundled with a file for each of ours, and run with everything
 * noted that opens a file, changes the disk or starts a program.
 */
let main: string;
beforeAll(async () => {
  const copy = copyOfProgram();
  const each = { preserveModules: true, preserveModulesRoot: path.join(copy, 'src') };
  await build(copy, { ...each, entryFileNames: '[name].cjs' });
  main = path.join(copy, 'dist/main.cjs');
});

/** Runs command lines in one process. Gives their exit codes, and who did what. */
function notesOf(lines: string[][]): { ends: number[]; notes: string[] } {
  const file = path.join(scratch('notes'), 'notes.json');
  const driver = path.join(import.meta.dirname, 'doors.cjs');
  execFileSync(process.execPath, [driver, main, JSON.stringify(lines), file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, npm_config_user_agent: '' },
  });
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * A case of each theme for each way in which a project is read, and some with what has been read by a library before.
 */
const cases = readdirSync(path.join(root, 'fixtures')).flatMap((theme) =>
  readdirSync(path.join(root, 'fixtures', theme))
    .filter((_, index, all) => index % Math.max(1, Math.floor(all.length / 2)) === 0)
    .map((name) => path.join(root, 'fixtures', theme, name, 'before')),
);

test('inspect, list and a dry run open files by the two doors alone, change nothing and start nothing', () => {
  const projects = cases.filter((one) => existsSync(one)).map((one) => projectFrom(one));
  expect(projects.length).toBeGreaterThan(30);
  const lines = projects.flatMap((cwd) => [
    ['inspect', '--json', '--cwd', cwd],
    ['add', 'postgres', '--dry-run', '--yes', '--json', '--cwd', cwd],
  ]);
  const { ends, notes } = notesOf([['list', '--json'], ...lines]);
  expect(ends.filter((code) => code === 0).length).toBeGreaterThan(projects.length);
  expect(ends).not.toContain(1);
  expect(notes).toEqual(['opens: blueprints/shelf', 'opens: project/door']);
}, 60_000);

test('the notes are of what happens: an add is seen to write, by apply alone', () => {
  const cwd = projectFrom(path.join(root, 'fixtures/dotenv/quoted/before'));
  const { ends, notes } = notesOf([['add', 'postgres', '--no-install', '--yes', '--json', '--cwd', cwd]]);
  expect(ends).toEqual([0]);
  const changing = notes.filter((one) => one.startsWith('changes: '));
  expect(changing.length).toBeGreaterThan(1);
  for (const one of changing) expect(one).toMatch(/^changes: apply\//);
});

/**
 * A built module: what it imports of ours, by their paths in src, and of packages; `eager`: when it is loaded itself.
 */
interface Built {
  module: string;
  ours: string[];
  packages: string[];
  eager: { ours: string[]; packages: string[] };
}

function graph(): Built[] {
  const home = path.dirname(main);
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.cjs') && !/node_modules|_virtual|runtime/.test(file))
    .map((file) => {
      const text = readFileSync(path.join(home, file), 'utf8');
      const atOnce = text.split('\n').filter((line) => /^\S/.test(line) && !line.includes('=>'));
      return { module: withoutEnd(file), ...importsOf(file, text), eager: importsOf(file, atOnce.join('\n')) };
    });
}

function importsOf(file: string, text: string): { ours: string[]; packages: string[] } {
  const names = [...text.matchAll(/\b(?:require|import)\("([^"]+)"\)/g)].map(([, name]) => name!);
  const ours = names.filter((name) => name.startsWith('.') && !/runtime/.test(name));
  return {
    ours: ours.map((name) => withoutEnd(path.join(path.dirname(file), name))),
    packages: names.filter((name) => !name.startsWith('.')),
  };
}

const withoutEnd = (file: string) => file.replace(/\.cjs$/, '');

/** As rooms are called: a file of src by its name. */
const roomed = (module: string) => `${module}.ts`;

describe('the built graph', () => {
  test('keeps to the rules of who may import whom', () => {
    const modules = graph();
    expect(modules.length).toBeGreaterThan(250);
    const strays = modules.flatMap(({ module, ours }) =>
      ours.filter((one) => !mayImport(roomed(module), roomed(one))).map((one) => `${module} → ${one}`),
    );
    expect(strays).toEqual([]);
  });

  test('starts programs in the places that may', () => {
    const starting =
      /^(?:node:)?(?:child_process|cluster|worker_threads)$|^(?:execa|cross-spawn|detect-package-manager)$/;
    const who = graph().filter(({ packages }) => packages.some((one) => starting.test(one)));
    expect(who.map(({ module }) => module).filter((one) => !one.startsWith('verify/'))).toEqual([
      'apply/launch',
      'commands/forward',
      // detect-package-manager starts `yarn --version`: only where an install follows.
      'knowledge/package-managers/evidence',
    ]);
  });

  test('loads nothing to start programs or to write with what add, remove, list and inspect begin with', () => {
    const modules = new Map(graph().map((one) => [one.module, one]));
    const loaded = new Set(['add', 'remove', 'list', 'inspect'].map((name) => `commands/${name}`));
    for (const module of loaded) for (const one of modules.get(module)?.eager.ours ?? []) loaded.add(one);
    expect(loaded.size).toBeGreaterThan(100);
    expect([...loaded].filter((one) => /^(?:verify|commands\/forward|apply\/launch)/.test(one))).toEqual([]);
    const packages = [...loaded].flatMap((one) => modules.get(one)?.eager.packages ?? []);
    expect(packages).toContain('node:fs');
    expect(packages.filter((one) => /child_process|worker_threads|node:net|execa|node:http/.test(one))).toEqual([]);
  });
});
