import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root as repository, scratch } from '../flue.ts';
import { runIn } from '../servers/flue.mjs';
import { packedTarball } from '../servers/package.mjs';
import { packageManager } from '../servers/package-managers.mjs';
import { startRegistry } from '../servers/registry.mjs';

/**
 * Our packed tarball, installed and run by the lines of the README, beside Flue's own command line, which has a program
 * `flue`, too: with each package manager, at once and after a clean install, `flue-db` is ours, and we say what `flue`
 * is.
 */
interface Manager {
  version: string;
  /** Its name in the README's table of lines to type. */
  row: string;
  files?: Record<string, string>;
  install: string[];
  frozen: string[];
  /** What comes between the program and its words, so that it prints nothing of its own. */
  quiet?: string[];
}

const managers: Record<string, Manager> = {
  npm: { version: 'npm@11', row: 'npm', install: ['npm', 'install'], frozen: ['npm', 'ci'] },
  pnpm: {
    version: 'pnpm@10',
    row: 'pnpm',
    files: { '.npmrc': 'strict-peer-dependencies=false\n' },
    install: ['pnpm', 'install'],
    frozen: ['pnpm', 'install', '--frozen-lockfile'],
  },
  'yarn 1': {
    version: 'yarn@1',
    row: 'yarn 1 and 4',
    files: { '.yarnrc': '--install.ignore-engines true\n--add.ignore-engines true\n' },
    install: ['yarn', 'install'],
    frozen: ['yarn', 'install', '--frozen-lockfile'],
    quiet: ['--silent'],
  },
  'yarn 4': {
    version: '@yarnpkg/cli-dist@4',
    row: 'yarn 1 and 4',
    files: { '.yarnrc.yml': "nodeLinker: node-modules\nnpmPreapprovedPackages: ['@flue/*']\n", 'yarn.lock': '' },
    install: ['yarn', 'install', '--no-immutable'],
    frozen: ['yarn', 'install', '--immutable'],
  },
  bun: {
    version: 'bun@1',
    row: 'bun',
    install: ['bun', 'install'],
    frozen: ['bun', 'install', '--frozen-lockfile'],
  },
};

/** The two commands of a row of the README: how the tarball gets into the project, and how it is then run. */
function typed(row: string): { add: string[]; run: string[] } {
  const line = readFileSync(path.join(repository, 'README.md'), 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`| in the project, ${row} |`));
  const [, add, run] = /`([^`]+)`, then `([^`]+) flue-db add postgres`/.exec(line ?? '')!;
  return { add: add!.split(' '), run: run!.split(' ') };
}

let registry: Awaited<ReturnType<typeof startRegistry>>;
let tarball: string;
beforeAll(async () => {
  registry = await startRegistry({ lightRuntime: true });
  tarball = packedTarball();
}, 180_000);
afterAll(() => registry.close());

describe.each(Object.entries(managers))('%s', (_name, manager) => {
  test('flue-db is ours before, beside and after a clean install', { timeout: 600_000 }, async () => {
    const root = scratch('names');
    mkdirSync(path.join(root, 'src/agents'), { recursive: true });
    const own = {
      dependencies: { '@flue/runtime': '2.0.3' },
      devDependencies: { '@flue/cli': '2.0.3' },
    };
    const manifest = { name: 'one', version: '1.0.0', private: true, type: 'module', ...own };
    writeFileSync(path.join(root, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    for (const [name, text] of Object.entries(manager.files ?? {})) writeFileSync(path.join(root, name), text);
    const env = {
      ...registry.env,
      npm_config_ignore_scripts: 'true',
      PATH: `${packageManager(manager.version)}${path.delimiter}${process.env.PATH}`,
    };
    const run = async ([program, ...args]: string[]) => {
      const { code, output, stdout } = await runIn(root, program!, args, env);
      expect(code, output).toBe(0);
      return stdout;
    };
    const { add, run: runner } = typed(manager.row);
    const exec = [runner[0]!, ...(manager.quiet ?? []), ...runner.slice(1)];
    const isOurs = async () => {
      const version = await run([...exec, 'flue-db', '--version']);
      expect(version).toMatch(/^flue-db \d+\.\d+\.\d+\n@flue\/cli 2\.0\.3\n$/);
      const facts = await run([...exec, 'flue-db', 'inspect']);
      // Whoever has the other name, it is said.
      expect(facts).toMatch(
        /command line +\S.*flue-db, because `\S.*flue` is (?:the same program|Flue's own command line)/,
      );
    };

    await run(manager.install);
    cpSync(tarball, path.join(root, path.basename(add.at(-1)!)));
    await run(add);
    await isOurs();
    rmSync(path.join(root, 'node_modules'), { recursive: true, force: true });
    await run(manager.frozen);
    await isOurs();
    const answer = JSON.parse(await run([...exec, 'flue-db', 'add', 'postgres', '--no-install', '--json']));
    expect(answer).toMatchObject({ ok: true, applied: true });
    expect(existsSync(path.join(root, answer.changed.at(-1)))).toBe(true);
    // Where the other name is Flue's, the next steps say so, too.
    const theirs = (await run([...exec, 'flue', '--version'])).includes('stand-in');
    const next = answer.plan.next.map(({ text }: { text: string }) => text).join('\n');
    expect(next.includes("Flue's own command line here")).toBe(theirs);
  });
});
