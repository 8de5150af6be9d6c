import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everything } from '../every.ts';
import { bin, scratch, treeOf } from '../flue.ts';
import { runIn } from '../servers/flue.mjs';
import { packageManager } from '../servers/package-managers.mjs';
import { startRegistry } from '../servers/registry.mjs';

/**
 * One package manager as its users run it: what makes a project its own, and the install their CI would accept the
 * lockfile with.
 */
interface Manager {
  version: string;
  files?: Record<string, string>;
  workspace: (members: string[]) => Record<string, unknown> | string;
  lockfile: string;
  install: string[];
  frozen: string[];
  node?: string[];
}

const inManifest = (members: string[]) => ({ workspaces: members });
const inYaml = (members: string[]) => `packages:\n${members.map((one) => `  - ${one}\n`).join('')}`;
const pnpm = (version: string): Manager => ({
  version: `pnpm@${version}`,
  workspace: inYaml,
  lockfile: 'pnpm-lock.yaml',
  install: ['pnpm', 'install'],
  frozen: ['pnpm', 'install', '--frozen-lockfile'],
});
/** Yarn holds back what was published within a day, as the stand-ins are, but for the names that are approved. */
const berry = (linker: string, approved = '@flue/*'): Manager => ({
  version: '@yarnpkg/cli-dist@4',
  files: { '.yarnrc.yml': `nodeLinker: ${linker}\nnpmPreapprovedPackages: ['${approved}']\n`, 'yarn.lock': '' },
  workspace: inManifest,
  lockfile: 'yarn.lock',
  // In CI it would refuse to write a lockfile.
  install: ['yarn', 'install', '--no-immutable'],
  frozen: ['yarn', 'install', '--immutable'],
  node: ['yarn', 'node'],
});
const managers: Record<string, Manager> = {
  npm: {
    version: 'npm@11',
    workspace: inManifest,
    lockfile: 'package-lock.json',
    install: ['npm', 'install'],
    frozen: ['npm', 'ci'],
  },
  'pnpm 8': pnpm('8'),
  'pnpm 9': pnpm('9'),
  'pnpm 10': pnpm('10'),
  'pnpm 11': pnpm('11'),
  'pnpm 12': pnpm('12'),
  'yarn 1': {
    version: 'yarn@1',
    workspace: inManifest,
    lockfile: 'yarn.lock',
    install: ['yarn', 'install'],
    frozen: ['yarn', 'install', '--frozen-lockfile'],
  },
  'yarn 4, node_modules': berry('node-modules'),
  'yarn 4, PnP': berry('pnp'),
  bun: {
    version: 'bun@1',
    workspace: inManifest,
    lockfile: 'bun.lock',
    install: ['bun', 'install'],
    frozen: ['bun', 'install', '--frozen-lockfile'],
  },
  'bun, with the binary lockfile': {
    version: 'bun@1',
    files: { 'bunfig.toml': '[install]\nsaveTextLockfile = false\n' },
    workspace: inManifest,
    lockfile: 'bun.lockb',
    install: ['bun', 'install'],
    frozen: ['bun', 'install', '--frozen-lockfile'],
  },
  deno: {
    version: 'deno@2',
    // It too holds back what was published within a day.
    files: { 'deno.json': '{ "minimumDependencyAge": "0" }\n' },
    workspace: inManifest,
    lockfile: 'deno.lock',
    install: ['deno', 'install'],
    frozen: ['deno', 'install', '--frozen'],
  },
};

type Shape = 'package' | 'member' | 'root';

/** The Flue package is alone, a member of a workspace, or the root of one. */
function projectOf(manager: Manager, shape: Shape): { root: string; flue: string } {
  const root = scratch('install');
  const flue = shape === 'member' ? path.join(root, 'apps/agents') : root;
  const at = (folder: string, name: string, text: string) => {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  const manifest = (more: object) =>
    `${JSON.stringify({ name: 'one', version: '1.0.0', private: true, ...more }, null, 2)}\n`;
  const workspace = shape === 'package' ? {} : manager.workspace(shape === 'member' ? ['apps/*'] : ['packages/*']);
  const fields = typeof workspace === 'string' ? {} : workspace;
  if (typeof workspace === 'string') at(root, 'pnpm-workspace.yaml', workspace);
  if (shape === 'member') at(root, 'package.json', manifest({ name: 'all', ...fields }));
  if (shape === 'root') at(root, 'packages/other/package.json', manifest({ name: 'other' }));
  const own = { dependencies: { '@flue/runtime': '2.0.3' }, devDependencies: { kleur: '~4.1.5' } };
  at(flue, 'package.json', manifest({ ...(shape === 'root' && fields), ...own }));
  at(flue, 'tsconfig.json', '{}\n');
  at(flue, 'src/agents/echo.ts', 'export {};\n');
  at(flue, '.env.example', 'PORT=\n');
  for (const [name, text] of Object.entries(manager.files ?? {})) at(root, name, text);
  return { root, flue };
}

let registry: Awaited<ReturnType<typeof startRegistry>>;
beforeAll(async () => {
  registry = await startRegistry({ lightRuntime: true });
}, 120_000);
afterAll(() => registry.close());

async function installed(
  manager: Manager,
  shape: Shape,
  prepare: (project: { root: string; flue: string }) => void = () => {},
) {
  const { root, flue } = projectOf(manager, shape);
  prepare({ root, flue });
  const env = { ...registry.env, PATH: `${packageManager(manager.version)}${path.delimiter}${process.env.PATH}` };
  const run = async (folder: string, [program, ...args]: string[], expected = 0) => {
    const { code, output, stdout } = await runIn(folder, program!, args, env);
    expect(code, output).toBe(expected);
    return stdout;
  };
  await run(root, manager.install);
  return { root, flue, run };
}

const add = [process.execPath, bin, 'add', 'database', 'postgres', '--json'];
const remove = [process.execPath, bin, 'remove', 'database', '--json'];
const tree = (folder: string) => treeOf(folder, ['.git', 'node_modules', '.yarn']);

/** pnpm 11 and newer write down for themselves what was younger than a day. */
const withoutYoung = ({ 'pnpm-workspace.yaml': text = '', ...files }: Record<string, string>) => ({
  ...files,
  'pnpm-workspace.yaml': text.replace("  - '@flue/postgres@2.0.3'\n", ''),
});

/** A member of a workspace is the hardest place; the others are tried with the fastest manager. */
const shapesFor = (name: string): Shape[] =>
  everything || name === 'bun' ? ['package', 'member', 'root'] : ['member'];

/** Versions whose lockfiles and settings are those of their neighbours here. */
const between = everything ? [] : ['pnpm 8', 'pnpm 9', 'pnpm 11'];
const tried = Object.entries(managers).filter(([name]) => !between.includes(name));

describe.each(tried)('%s', (name, manager) => {
  test.each<Shape>(shapesFor(name))(
    'in a %s: one install brings all, the lockfile is whole, the second time does nothing; removed, all is as it was',
    { timeout: 180_000 },
    async (shape) => {
      const { root, flue, run } = await installed(manager, shape);
      const before = tree(root);
      const first = JSON.parse(await run(flue, add));
      expect(first).toMatchObject({ ok: true, applied: true });
      const { dependencies } = JSON.parse(readFileSync(path.join(flue, 'package.json'), 'utf8'));
      expect(dependencies).toMatchObject({ '@flue/postgres': '2.0.3', pg: '^8.21.0' });
      const check = "await import('pg'); import.meta.resolve('@flue/postgres');";
      await run(flue, [...(manager.node ?? ['node']), '--input-type=module', '-e', check]);

      const after = tree(root);
      expect(Object.keys(after)).toContain(manager.lockfile);
      expect(JSON.parse(await run(flue, add))).toMatchObject({ applied: false, plan: { operations: [] } });
      await run(root, manager.frozen);
      expect(tree(root)).toEqual(after);

      // The versions between write their lockfiles as these do.
      if (shape !== 'member' || ['pnpm@8', 'pnpm@9', 'pnpm@12'].includes(manager.version)) return;
      expect(JSON.parse(await run(flue, remove))).toMatchObject({ ok: true, applied: true });
      expect(withoutYoung(tree(root))).toEqual(withoutYoung(before));
    },
  );
});

test('what a project holds back for its age is not forced on it: all is put back, and the reason is told', {
  timeout: 120_000,
}, async () => {
  const { root, flue, run } = await installed(berry('node-modules', '@flue/runtime'), 'member');
  const before = tree(root);
  const { problem } = JSON.parse(await run(flue, add, 4));
  expect(problem).toMatchObject({ code: 'operation-failed', message: expect.stringContaining('quarantined') });
  expect(tree(root)).toEqual(before);
});

test("what is not ours is run from where Yarn's PnP keeps it", { timeout: 120_000 }, async () => {
  // A package of its own stands in for @flue/cli, whose own code is not wanted here: what counts is what reaches it.
  const { flue, run } = await installed(berry('pnp'), 'member', (project) => {
    const at = path.join(project.flue, 'cli');
    mkdirSync(at);
    const manifest = { name: '@flue/cli', version: '2.0.3', type: 'module', bin: { flue: 'cli.js' } };
    writeFileSync(path.join(at, 'package.json'), JSON.stringify(manifest));
    const lines = ["import path from 'node:path';", 'console.log(JSON.stringify(process.argv.slice(2)), path.sep);'];
    writeFileSync(path.join(at, 'cli.js'), `${lines.join('\n')}\nprocess.exitCode = 7;\n`);
    const own = path.join(project.flue, 'package.json');
    const { devDependencies, ...rest } = JSON.parse(readFileSync(own, 'utf8'));
    const declared = { ...devDependencies, '@flue/cli': 'file:./cli' };
    writeFileSync(own, JSON.stringify({ ...rest, devDependencies: declared }));
  });
  expect(await run(flue, [process.execPath, bin, 'dev', '--port', '39000'], 7)).toBe('["dev","--port","39000"] /\n');
});

describe('a workspace that keeps its versions in a catalog', () => {
  const versions = { '@flue/runtime': '2.0.3', kleur: '~4.1.5' };
  const yaml = `catalog:\n${Object.entries(versions)
    .map(([name, version]) => `  '${name}': ${version}\n`)
    .join('')}`;
  const catalogs: [name: string, file: string, text: (own: string) => string][] = [
    ['pnpm 10', 'pnpm-workspace.yaml', (own) => `${own}${yaml}catalogMode: strict\n`],
    ['pnpm 12', 'pnpm-workspace.yaml', (own) => own + yaml],
    ['yarn 4, node_modules', '.yarnrc.yml', (own) => own + yaml],
    [
      'bun',
      'package.json',
      (own) => {
        const { workspaces, ...manifest } = JSON.parse(own);
        return `${JSON.stringify({ ...manifest, workspaces: { packages: workspaces, catalog: versions } }, null, 2)}\n`;
      },
    ],
  ];

  test.each(catalogs)(
    '%s: the new versions stand there too, and its install takes them',
    {
      timeout: 120_000,
    },
    async (name, file, catalogued) => {
      const { root, flue, run } = await installed(managers[name]!, 'member', (project) => {
        const at = path.join(project.root, file);
        writeFileSync(at, catalogued(readFileSync(at, 'utf8')));
        const own = path.join(project.flue, 'package.json');
        writeFileSync(own, readFileSync(own, 'utf8').replace(/"(?:2\.0\.3|~4\.1\.5)"/g, '"catalog:"'));
      });
      const before = tree(root);
      expect(JSON.parse(await run(flue, add))).toMatchObject({ ok: true, applied: true });
      const { dependencies } = JSON.parse(readFileSync(path.join(flue, 'package.json'), 'utf8'));
      expect(dependencies).toMatchObject({ '@flue/postgres': 'catalog:', pg: 'catalog:' });
      expect(readFileSync(path.join(root, file), 'utf8')).toMatch(/['"]@flue\/postgres['"]: "?2\.0\.3"?/);
      expect(JSON.parse(await run(flue, add))).toMatchObject({ applied: false, plan: { operations: [] } });
      await run(root, managers[name]!.frozen);
      if (!everything && name !== 'bun') return;
      expect(JSON.parse(await run(flue, remove))).toMatchObject({ ok: true, applied: true });
      expect(withoutYoung(tree(root))).toEqual(withoutYoung(before));
    },
  );
});
