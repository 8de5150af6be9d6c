import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type RemoveFlags, remove } from '../src/commands/remove.ts';
import { Problem } from '../src/problem.ts';
import { flue, projectFrom, root, treeOf } from './flue.ts';

/**
 * One folder, one test. `run` is the command line (with the folder it is typed in, and the exit code where that is not 0),
 * `before/` the project, `after/` only what changes, `said.txt` what people read. Every folder is held to the same laws.
 * `UPDATE_FIXTURES=1` writes `after/` and `said.txt` anew; read the diff.
 */
const folder = path.join(root, 'fixtures');
const refusing = path.join(root, 'test/refusing');
const update = process.env.UPDATE_FIXTURES === '1';

interface Case {
  name: string;
  args: string[];
  cwd: string;
  code: number;
  before: string;
  after: string;
  said: string;
}

const cases = readdirSync(folder).map(readCase);

function readCase(name: string): Case {
  const at = path.join(folder, name);
  const lines = readFileSync(path.join(at, 'run'), 'utf8').trim().split('\n');
  const line = (start: string) => lines.find((one) => one.startsWith(start))?.slice(start.length);
  return {
    name,
    args: line('flue ')!.split(' '),
    cwd: line('cd ') ?? '.',
    code: Number(line('exit ') ?? 0),
    before: path.join(at, 'before'),
    after: path.join(at, 'after'),
    said: path.join(at, 'said.txt'),
  };
}

/** The environment in which every package manager is a stand-in that scribbles over the project and then refuses. */
const refusal = { PATH: `${refusing}:${process.env.PATH}` };

function run(one: Case, project: string, ...flags: string[]) {
  return flue([...one.args, ...flags], { cwd: path.join(project, one.cwd), env: refusal });
}

function expected(one: Case): Record<string, string> {
  const before = treeOf(projectFrom(one.before));
  return existsSync(one.after) ? { ...before, ...treeOf(one.after) } : before;
}

describe.each(cases)('$name', (one) => {
  test.concurrent('dry: shows the same and changes nothing', async () => {
    const project = projectFrom(one.before);
    const dry = await run(one, project, '--dry-run', '--json');
    expect(dry.code, dry.stdout).toBe(one.code);
    expect(treeOf(project)).toEqual(treeOf(one.before));
    const real = await run(one, project, '--no-install', '--json');
    // The same, but for the install that is left out.
    const plan = (outcome: { stdout: string }) => {
      const report = JSON.parse(outcome.stdout.replace(/\/[^"`\s]*flue-case-\w+/g, '<project>'));
      const { operations = [], next = [] } = report.plan ?? {};
      const writes = operations.filter(({ kind }: { kind: string }) => kind === 'write');
      const steps = next.filter((line: string) => !line.startsWith('install: '));
      return { ...report, applied: null, plan: { ...report.plan, operations: writes, next: steps } };
    };
    expect(plan(dry)).toEqual(plan(real));
  });

  test.concurrent('add: before becomes after, and says so', async () => {
    const project = projectFrom(one.before);
    const outcome = await run(one, project, '--no-install');
    const said = outcome.stderr.replaceAll(project, '<project>');
    if (update) write(one, project, said);
    expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code: one.code, stdout: '' });
    expect(treeOf(project)).toEqual(expected(one));
    expect(said).toBe(readFileSync(one.said, 'utf8'));
  });

  test.concurrent('again: after stays after, and no package manager runs', async () => {
    const project = projectFrom(one.before, ...(existsSync(one.after) ? [one.after] : []));
    const outcome = await run(one, project, '--json');
    expect(outcome.code, outcome.stdout).toBe(one.code);
    if (one.code === 0)
      expect(JSON.parse(outcome.stdout)).toMatchObject({ ok: true, applied: false, plan: { operations: [] } });
    expect(treeOf(project)).toEqual(expected(one));
  });

  test.concurrent('remove: after becomes before again, or it says what stays and why', async () => {
    const project = projectFrom(one.before, ...(existsSync(one.after) ? [one.after] : []));
    const [before, after] = [treeOf(one.before), treeOf(project)];
    const entries = Object.keys(after).filter((file) => /^\/\/ flue-blueprint: /.test(after[file]!));
    // An edited one of ours, or one elsewhere, stays what it is.
    if (one.code !== 0 || entries.length !== 1 || /^\/\/ flue-blueprint: /.test(before[entries[0]!] ?? '')) return;
    const failed = await flue(['remove', 'database', '--json', ...chosenIn(one)], {
      cwd: path.join(project, one.cwd),
      env: refusal,
    });
    const packageManager = chosenIn(one)[1] as RemoveFlags['packageManager'];
    const words = {
      cwd: path.join(project, one.cwd),
      json: true,
      install: false,
      ...(packageManager && { packageManager }),
    };
    if (failed.code !== 0) {
      expect(failed.code, failed.stdout).toBe(4);
      expect(treeOf(project)).toEqual(after);
    }
    const dry = await remove(undefined, { ...words, dryRun: true });
    const { plan, applied } = failed.code === 0 ? JSON.parse(failed.stdout) : await remove(undefined, words);
    expect(applied).toBe(true);
    if (failed.code !== 0) expect(plan).toEqual(dry.plan);
    const now = treeOf(project);
    const said = plan.next.join('\n');
    for (const file of new Set([...Object.keys(before), ...Object.keys(now)])) {
      if (now[file] === before[file]) continue;
      if (file.endsWith('package.json'))
        expect(withoutStaying(now[file]!, before[file]!, said)).toEqual(JSON.parse(bare(before[file]!)));
      // What was ours before, or Flue's default with no sign of it, is not written again.
      else if (file === entries[0])
        expect([now[file], said]).toEqual([undefined, expect.stringContaining('in memory')]);
      else expect(said, `${file}\n${now[file]}`).toMatch(new RegExp(`\`(?:[^\`]*/)?${path.basename(file)}\``));
    }
    const again = await remove(undefined, words).catch((error: Problem) => error);
    if (again instanceof Problem)
      expect([again.code, now[entries[0]!]]).toEqual(['adapter-exists', before[entries[0]!]]);
    else expect(again.plan?.operations).toEqual([]);
    expect(treeOf(project)).toEqual(now);
  });

  test.concurrent('failed: an install that refuses leaves every byte as it was', async () => {
    const project = projectFrom(one.before);
    const outcome = await run(one, project, '--json');
    const { plan, problem } = JSON.parse(outcome.stdout);
    if (one.code !== 0 || plan?.operations.every((operation: { kind: string }) => operation.kind === 'write')) {
      expect(outcome.code).toBe(one.code);
      return;
    }
    expect(problem).toMatchObject({ code: 'operation-failed' });
    expect(problem.message).toContain('this stand-in refuses');
    expect(outcome.code).toBe(4);
    expect(treeOf(project)).toEqual(treeOf(one.before));
  });
});

/** The flags that settle the same questions for `remove`. */
function chosenIn({ args }: Case): string[] {
  const at = args.indexOf('--package-manager');
  return at < 0 ? [] : args.slice(at, at + 2);
}

const bare = (text: string) =>
  Buffer.from(text, 'latin1')
    .toString('utf8')
    .replace(/^\uFEFF/, '');

/** A package.json without the packages of which it is said that they stay, unless they were there before. */
function withoutStaying(text: string, former: string, said: string): unknown {
  const [manifest, before] = [JSON.parse(bare(text)), JSON.parse(bare(former))];
  const staying = [...said.matchAll(/`([^`]+)` stays: /g)].map((match) => match[1]!);
  for (const list of ['dependencies', 'devDependencies']) {
    for (const name of staying) if (!before[list]?.[name]) delete manifest[list]?.[name];
    if (!before[list] && Object.keys(manifest[list] ?? {}).length === 0) delete manifest[list];
  }
  return manifest;
}

function write(one: Case, project: string, said: string): void {
  writeFileSync(one.said, said);
  rmSync(one.after, { recursive: true, force: true });
  const before = treeOf(one.before);
  for (const [file, bytes] of Object.entries(treeOf(project))) {
    if (before[file] === bytes) continue;
    mkdirSync(path.dirname(path.join(one.after, file)), { recursive: true });
    writeFileSync(path.join(one.after, file), Buffer.from(bytes, 'latin1'));
  }
}
