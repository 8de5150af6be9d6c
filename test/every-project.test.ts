import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AddFlags, add } from '../src/commands/add.ts';
import { remove } from '../src/commands/remove.ts';
import { Problem } from '../src/problem.ts';
import { everything } from './every.ts';
import { scratch, treeOf } from './flue.ts';

/**
 * Projects nobody wrote down: every package manager × place in a workspace × Flue line × source root × way of saying
 * the target × language × line ending, each with one of the databases. What must come of it is told here apart from how
 * it is found out.
 */
const lockfiles = {
  npm: { 'package-lock.json': '{}\n' },
  pnpm: { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
  'yarn 1': { 'yarn.lock': '# yarn lockfile v1\n' },
  'yarn 4': { 'yarn.lock': '__metadata:\n  version: 8\n', '.yarnrc.yml': 'nodeLinker: node-modules\n' },
  bun: { 'bun.lock': '{}\n' },
} satisfies Record<string, Record<string, string>>;
const places = ['alone', 'member', 'member with a stray lockfile', 'root'] as const;
const lines = { beta: '1.0.0-beta.9', two: '2.0.3' } as const;
const sourceRoots = ['.flue', 'src', '.'] as const;
const languages = ['typescript', 'javascript'] as const;
const databases = ['postgres', 'supabase', 'mysql', 'mongodb', 'redis', 'valkey', 'libsql', 'turso', 'sqlite'] as const;

type Line = keyof typeof lines;
type Outcome = 'added' | 'wrong-target' | 'needs-answer';

/** A way of saying the target: the files it takes, and what must come of it. */
interface TargetForm {
  files: (configModule: string) => Record<string, string>;
  scripts?: Record<string, string>;
  flags?: Partial<AddFlags>;
  outcome: Record<Line, Outcome>;
}
const both = (outcome: Outcome) => ({ beta: outcome, two: outcome });
const config = (text: string) => (module: string) => ({ 'flue.config.ts': text.replace('CONFIG', module) });
const forms: Record<string, TargetForm> = {
  literal: {
    files: config("import { defineConfig } from 'CONFIG';\nexport default defineConfig({ target: 'node' });\n"),
    outcome: both('added'),
  },
  'bare object, double quotes': { files: config('export default { target: "node" }\n'), outcome: both('added') },
  'constant that satisfies': {
    files: config(
      "// 'cloudflare' elsewhere\nconst config = { target: 'node' } as const;\nexport default config satisfies object;\n",
    ),
    outcome: both('added'),
  },
  cloudflare: { files: config("export default { target: 'cloudflare' };\n"), outcome: both('wrong-target') },
  conditional: {
    files: config("export default { target: process.env.CF ? 'cloudflare' : 'node' };\n"),
    outcome: both('needs-answer'),
  },
  'conditional, answered': {
    files: config("export default { target: process.env.CF ? 'cloudflare' : 'node' };\n"),
    flags: { target: 'node' },
    outcome: both('added'),
  },
  nothing: { files: () => ({}), outcome: { beta: 'needs-answer', two: 'added' } },
  script: {
    files: () => ({}),
    scripts: { dev: 'dotenv -e .env -- flue dev --target node' },
    outcome: both('added'),
  },
  'Vite plugin': {
    files: () => ({
      'vite.config.ts': "import { flue } from '@flue/vite';\nexport default { plugins: [flue({ target: 'node' })] };\n",
    }),
    outcome: { beta: 'needs-answer', two: 'added' },
  },
};

interface Project {
  root: string;
  package: string;
}

function make(
  base: string,
  line: Line,
  sourceRoot: string,
  form: TargetForm,
  language: string,
  eol: string,
  place: (typeof places)[number],
  manager: keyof typeof lockfiles,
): Project {
  const folder = place.startsWith('member') ? path.join(base, 'apps/agents') : base;
  const put = (at: string, files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(at, name)), { recursive: true });
      writeFileSync(path.join(at, name), text.replaceAll('\n', eol));
    }
  };
  const workspaces = manager === 'pnpm' ? {} : { workspaces: ['apps/*'] };
  const yaml = { 'pnpm-workspace.yaml': 'packages:\n  - apps/*\n' };
  if (place !== 'alone' && manager === 'pnpm') put(base, yaml);
  if (place.startsWith('member'))
    put(base, { 'package.json': `${JSON.stringify({ private: true, ...workspaces }, null, 2)}\n` });
  put(base, lockfiles[manager]);
  if (place === 'member with a stray lockfile') put(folder, manager === 'npm' ? lockfiles.pnpm : lockfiles.npm);
  const manifest = {
    name: 'agents',
    ...(place === 'root' && workspaces),
    ...(form.scripts && { scripts: form.scripts }),
    dependencies: { '@flue/runtime': lines[line], hono: '^4.0.0' },
  };
  put(folder, {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    '.env.example': '# Server\nPORT=3000\n',
    [path.join(sourceRoot, `agents/hello.${language === 'typescript' ? 'ts' : 'js'}`)]: 'export {};\n',
    ...(language === 'typescript' && { 'tsconfig.json': '{}\n' }),
    ...inLanguage(language, form.files(line === 'beta' ? '@flue/cli/config' : '@flue/runtime/config')),
  });
  return { root: base, package: folder };
}

/** A project in JavaScript has its config in JavaScript. */
function inLanguage(language: string, files: Record<string, string>): Record<string, string> {
  if (language === 'typescript') return files;
  const plain = (text: string) => text.replace(/ as const| satisfies object/g, '');
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name.replace(/ts$/, 'mjs'), plain(text)]));
}

async function outcomeOf(project: Project, database: string, flags: Partial<AddFlags>) {
  const words = { var: [], install: false, json: true, yes: true, ...flags, cwd: project.package };
  return add('database', database, words).catch((error) => {
    if (error instanceof Problem) return error;
    throw error;
  });
}

/**
 * How many of the projects are made: one in so many, others for each manager, place and line, so that each form meets
 * each of those.
 */
const stride = everything ? 1 : 11;

/** Every form of a config, in each source root and language. */
const shapes = sourceRoots.flatMap((sourceRoot) =>
  Object.entries(forms).flatMap(([name, form]) => languages.map((language) => ({ sourceRoot, name, form, language }))),
);

describe.each(Object.keys(lockfiles) as (keyof typeof lockfiles)[])('%s', (manager) => {
  describe.each(places)('%s', (place) => {
    test.each(Object.keys(lines) as Line[])('%s', { timeout: 60_000 }, async (line) => {
      let turn = places.indexOf(place) + Object.keys(lockfiles).indexOf(manager) + Object.keys(lines).indexOf(line);
      const base = scratch('every');
      for (const { sourceRoot, name, form, language } of shapes) {
        turn += 1;
        if (turn % stride > 0) continue;
        const [eol, database] = [(turn / stride) % 2 < 1 ? '\r\n' : '\n', databases[turn % databases.length]!];
        const label = `${sourceRoot}, ${name}, ${language}, ${JSON.stringify(eol)}, ${database}`;
        const root = path.join(base, String(turn));
        mkdirSync(path.join(root, '.git'), { recursive: true });
        const project = make(root, line, sourceRoot, form, language, eol, place, manager);
        await holdTheLaws(project, { line, sourceRoot, form, language, eol, database, manager }, label);
        rmSync(root, { recursive: true });
      }
    });
  });
});

interface Expected {
  line: Line;
  sourceRoot: string;
  form: TargetForm;
  language: string;
  eol: string;
  database: string;
  manager: keyof typeof lockfiles;
}

async function holdTheLaws(project: Project, expected: Expected, label: string): Promise<void> {
  const before = treeOf(project.root);
  const { form, line, database } = expected;
  const dry = await outcomeOf(project, database, { ...form.flags, dryRun: true, yes: false });
  expect(treeOf(project.root), label).toEqual(before);
  if (form.outcome[line] !== 'added') {
    expect(dry instanceof Problem && dry.code, label).toBe(form.outcome[line]);
    return;
  }
  const added = await outcomeOf(project, database, form.flags ?? {});
  if (added instanceof Problem || dry instanceof Problem) throw new Error(`${label}: ${added} ${dry}`);
  expect(added.plan, label).toEqual(dry.plan);
  expect(added.facts?.packageManager.value?.name, label).toBe(expected.manager.split(' ')[0]);

  const entry = path.join(expected.sourceRoot, expected.language === 'typescript' ? 'db.ts' : 'db.js');
  const text = readFileSync(path.join(project.package, entry), 'utf8');
  expect(text.split(expected.eol)[0], label).toBe(`// flue-blueprint: database/${database}@1`);
  expect(text.replaceAll(expected.eol, ''), label).not.toMatch(/[\r\n]/);
  const manifest = JSON.parse(readFileSync(path.join(project.package, 'package.json'), 'utf8'));
  const adapters = Object.keys(manifest.dependencies).filter((name) => /^@flue\/(?!runtime)/.test(name));
  expect(adapters.length, label).toBe(database === 'sqlite' ? 0 : 1);
  for (const name of adapters) expect(manifest.dependencies[name], label).toBe(lines[line]);
  const changed = Object.entries(treeOf(project.root)).filter(([name, bytes]) => before[name] !== bytes);
  const inPackage = path.relative(project.root, project.package);
  const allowed = [entry, 'package.json', '.env.example'].map((name) => path.join(inPackage, name));
  expect(
    changed.map(([name]) => name).filter((name) => !allowed.includes(name)),
    label,
  ).toEqual([]);

  const after = treeOf(project.root);
  const again = await outcomeOf(project, database, form.flags ?? {});
  expect(again instanceof Problem ? again.message : again.plan?.operations, label).toEqual([]);
  expect(treeOf(project.root), label).toEqual(after);
  expect(existsSync(path.join(project.package, '.flue-add')), label).toBe(false);

  // One in three is taken back: that looks through all of the project again.
  if (label.length % 3 > 0) return;
  const { packageManager } = form.flags ?? {};
  const words = { cwd: project.package, install: false, json: true, ...(packageManager && { packageManager }) };
  const removed = await remove(undefined, words);
  expect(removed.applied, label).toBe(true);
  expect(
    removed.plan!.next.filter(({ text }) => / stays: /.test(text)),
    label,
  ).toEqual([]);
  expect(treeOf(project.root), label).toEqual(before);
}
