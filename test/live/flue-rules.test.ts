import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { describe, expect, test } from 'vitest';
import { add } from '../../src/commands/add.ts';
import { remove } from '../../src/commands/remove.ts';
import { inspect } from '../../src/inspect/index.ts';
import { handedOut } from '../../src/knowledge/hosts/flue/handed-out.ts';
import { flue } from '../../src/knowledge/hosts/flue/index.ts';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import { Problem } from '../../src/problem.ts';
import { scratch } from '../flue.ts';
import { modernNode } from '../servers/flue.mjs';
import { guides, runtime } from './guides.ts';

/**
 * What we read as syntax, held against Flue itself: the functions of `@flue/runtime/config` (2.1.0), and the guides
 * that the package carries.
 */
const ask = `
import { pathToFileURL } from 'node:url';
const flue = await import(pathToFileURL(process.argv[1]).href);
const answers = [];
for (const root of process.argv.slice(2)) {
  try {
    const { config, configPath } = await flue.loadFlueConfig({ cwd: root });
    answers.push({ configPath: configPath ?? null, ...flue.resolveFlueProject({ root, config, configPath }) });
  } catch (error) {
    answers.push({ error: error.message });
  }
}
console.log(JSON.stringify({ answers, configs: flue.FLUE_CONFIG_BASENAMES, entries: flue.PROJECT_ENTRY_EXTENSIONS }));
`;

interface Answer {
  configPath?: string | null;
  sourceRoot?: string;
  db?: string;
  target?: string;
  error?: string;
}

function flueSays(...roots: string[]): { answers: Answer[]; configs: string[]; entries: string[] } {
  const module = path.join(runtime, '@flue/runtime/dist/config.mjs');
  const args = ['--input-type=module', '--no-warnings', '-e', ask, '--', module, ...roots];
  return JSON.parse(execFileSync(modernNode(), args, { encoding: 'utf8' }));
}

function project(files: Record<string, string | null>): string {
  const folder = scratch('rules');
  const manifest = JSON.stringify({ type: 'module', dependencies: { '@flue/runtime': '2.1.0' } });
  for (const [name, text] of Object.entries({ 'package.json': manifest, 'package-lock.json': '{}', ...files })) {
    const at = path.join(folder, name);
    mkdirSync(text === null ? at : path.dirname(at), { recursive: true });
    if (text !== null) writeFileSync(at, text);
  }
  symlinkSync(runtime, path.join(folder, 'node_modules'));
  return folder;
}

const db = 'export default {};\n';
const config = (body: string) =>
  `import { defineConfig } from '@flue/runtime/config';\nexport default defineConfig({ ${body} });\n`;

/** Layouts and configs; a folder is `null`. */
const layouts: Record<string, Record<string, string | null>> = {
  'nothing but the root': {},
  'an empty .flue beside src': { '.flue': null, 'src/db.ts': db },
  'a file named .flue': { '.flue': 'x', src: null },
  'a file named src': { src: 'x' },
  'every extension, in Flue’s order': { 'src/db.mjs': db, 'src/db.js': db, 'src/db.mts': db, 'src/db.ts': db },
  'db.mts before db.js': { 'src/db.js': db, 'src/db.mts': db },
  'what Flue does not look for': { 'src/db.tsx': db, 'src/db.cts': db, 'src/db/index.ts': db, 'src/DB.ts': db },
  'db in the root only': { 'db.ts': db, 'src/agents/a.ts': db },
  'an option': { 'flue.config.ts': config("db: './lib/store.ts'"), 'lib/store.ts': db, 'src/db.ts': db },
  'an option without a dot': { 'flue.config.ts': config("db: 'lib/store.ts'"), 'lib/store.ts': db },
  'an option to a file that is not there': { 'flue.config.ts': config("db: './nope.ts'") },
  'an option that is empty': { 'flue.config.ts': config("db: ''") },
  'several configs: the first': {
    'flue.config.js': "export default { target: 'cloudflare' };\n",
    'flue.config.mts': "export default { target: 'node' };\n",
  },
  'a config of the last names': {
    'flue.config.cjs': "module.exports = { target: 'node', db: './a.js' };\n",
    'a.js': db,
  },
  'a target of a constant': { 'flue.config.ts': "const target = 'node' as const;\nexport default { target };\n" },
};

describe('layout and config are read as Flue reads them', () => {
  test.each(Object.entries(layouts))('%s', async (_name, files) => {
    const folder = project(files);
    const [said] = flueSays(folder).answers as [Answer];
    const facts = await inspect(openProject(folder), flue, []).catch((error: unknown) => error as Problem);
    if (facts instanceof Problem) {
      expect(said.error, facts.message).toMatch(/Invalid config|empty/);
      return;
    }
    const at = (file: string | undefined) => (file === undefined ? null : path.relative(folder, file) || '.');
    if (said.error) {
      // Flue stops where the entry is missing: that is where ours goes.
      expect(said.error).toContain(`Configured \`db\` entry not found`);
      expect(facts.entry).toBeNull();
      expect(said.error).toContain(facts.place.value);
      return;
    }
    expect(facts.sourceRoot.value).toBe(at(said.sourceRoot));
    expect(facts.entry?.value.path ?? null).toBe(at(said.db));
    if (said.target) expect(facts.target.value).toBe(said.target);
    const details = facts.details as { config: { path: string } | null; configured: boolean };
    expect(details.configured).toBe(said.configPath !== null);
    if (details.config) expect(details.config.path).toBe(at(said.configPath!));
  });

  test('names and their order', () => {
    const { configs, entries } = flueSays();
    const folder = project(Object.fromEntries(configs.map((name) => [name, `export default {};\n`])));
    expect(path.basename(flueSays(folder).answers[0]!.configPath!)).toBe(configs[0]);
    expect(entries).toEqual(['ts', 'mts', 'js', 'mjs']);
    expect(configs).toEqual(['ts', 'mts', 'mjs', 'js', 'cjs', 'cts'].map((extension) => `flue.config.${extension}`));
  });
});

describe('the guides that Flue hands out are known for what they are', () => {
  test('there are some', () => {
    expect(guides.length).toBeGreaterThan(6);
  });

  test.each(guides)('$name', async ({ code }) => {
    const marked = `// flue-blueprint: database/postgres@1\n${code}`;
    const styled = await format(marked, { parser: 'typescript', singleQuote: false, semi: false, tabWidth: 4 });
    const renamed = code.replace(/process\.env\.(\w+)/g, "process.env['SHOP_$1']");
    for (const text of [code, marked, styled, renamed, code.replaceAll('\n', '\r\n'), `/* ours? */\n${code}`]) {
      const known = handedOut(text, false);
      expect(known).toMatchObject({ kind: 'guide' });
      expect(known!.faults.length).toBeGreaterThan(0);
    }
  });

  test('one under our marker is offered to be replaced, with what is wrong with it; taking ours out gives it back', async () => {
    const { code } = guides.find(({ name }) => name.startsWith('supabase'))!;
    const guide = `// flue-blueprint: database/supabase@1\n${code}`;
    const folder = project({ 'src/db.ts': guide, 'tsconfig.json': '{}' });
    const words = { cwd: folder, var: [], install: false, json: true };
    const asked = await add('database', 'supabase', words).catch((error: Problem) => error);
    expect(asked).toMatchObject({
      code: 'adapter-exists',
      message: expect.stringMatching(
        /Flue's own guide to Postgres, and a connection that dies .* COMMIT is not looked at/,
      ),
      question: { flag: '--on-existing', answers: [{ value: 'keep' }, { value: 'replace', recommended: true }] },
    });
    expect((await add('database', 'supabase', { ...words, yes: true })).applied).toBe(true);
    expect(readFileSync(path.join(folder, 'src/db.ts'), 'utf8')).not.toContain(code);
    await remove(undefined, words);
    expect(readFileSync(path.join(folder, 'src/db.ts'), 'utf8')).toBe(guide);
    const kept = await remove(undefined, words).catch((error: Problem) => error);
    expect(kept).toMatchObject({ code: 'adapter-exists', message: expect.stringContaining('is not ours') });
  });

  test.each(guides)('$name, with code of somebody’s own, is his', ({ code }) => {
    expect(handedOut(`${code}\nconsole.log('up');\n`, false)).toBeNull();
    expect(handedOut(code.replace('export default', 'const adapter ='), false)).toBeNull();
  });
});
