import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
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
    const again = await run(one, projectFrom(one.before), '--no-install', '--dry-run', '--json');
    const plan = (outcome: { stdout: string }) => ({
      ...JSON.parse(outcome.stdout.replace(/\/[^"`\s]*flue-case-\w+/g, '<project>')),
      applied: null,
    });
    expect(plan(again)).toEqual(plan(real));
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
