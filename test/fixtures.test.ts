import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AddFlags, add } from '../src/commands/add.ts';
import { type RemoveFlags, remove } from '../src/commands/remove.ts';
import type { Report } from '../src/output/json.ts';
import { exitCodes, Problem } from '../src/problem.ts';
import { everyNth } from './every.ts';
import { flue, type Outcome, projectFrom, root, treeOf } from './flue.ts';
import { type Resident, startResident } from './resident.ts';

/**
 * One folder (`fixtures/<theme>/<case>`), one test. `run` is what the case shows (a first line that begins with `#`),
 * the command line (with the folder it is typed in, and the exit code where that is not 0), `before/` the project,
 * `after/` only what changes, `said.txt` what people read. Every folder is held to the same laws. `UPDATE_FIXTURES=1`
 * writes `after/` and `said.txt` anew; read the diff.
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

const cases = readdirSync(folder)
  .sort()
  .flatMap((theme) => readdirSync(path.join(folder, theme)).map((name) => readCase(`${theme}/${name}`)));

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

/**
 * Every package manager is a stand-in that scribbles over the project and then refuses: here, and in the programs that
 * are started.
 */
process.env.PATH = `${refusing}${path.delimiter}${process.env.PATH}`;

/**
 * The built program. Starting it is most of what a run takes, so every tenth case has a process of its own, and the
 * others share one.
 */
let program: Resident;
beforeAll(() => {
  program = startResident();
});
afterAll(() => program.stop());
const ownProcess = new Set(everyNth(cases, 10));

function run(one: Case, project: string): Promise<Outcome> {
  const [args, cwd] = [[...one.args, '--no-install'], path.join(project, one.cwd)];
  return ownProcess.has(one) ? flue(args, { cwd }) : program.run(args, cwd);
}

/**
 * The same without a program of its own, which is most of what a test takes: what it gives, or the exit code of its
 * refusal.
 */
async function attempt(
  one: Case,
  project: string,
  more: Partial<AddFlags> = {},
): Promise<{ code: number; report: Report }> {
  const [, , name, ...words] = one.args;
  const flags: AddFlags = { cwd: path.join(project, one.cwd), var: [], install: true, json: true, ...more };
  for (let i = 0; i < words.length; i += 1) {
    const key = words[i]!.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (key === 'yes') flags.yes = true;
    else if (key === 'var') flags.var = [...flags.var, words[++i]!];
    else Object.assign(flags, { [key]: words[++i] });
  }
  return add('database', name, flags).then(
    (report) => ({ code: 0, report }),
    (problem: Problem) => {
      if (!(problem instanceof Problem)) throw problem;
      const { code, message, hint } = problem;
      return { code: exitCodes[code], report: { command: 'add', problem: { code, message, hint } } as Report };
    },
  );
}

function expected(one: Case): Record<string, string> {
  const before = treeOf(projectFrom(one.before));
  return existsSync(one.after) ? { ...before, ...treeOf(one.after) } : before;
}

/** What is written anew is written by the first law, before the others look at it. */
const law = update ? test : test.concurrent;

describe.each(cases)('$name', (one) => {
  law('add: before becomes after, and says so', async () => {
    const project = projectFrom(one.before);
    const outcome = await run(one, project);
    const said = outcome.stderr.replaceAll(project, '<project>');
    if (update) write(one, project, said);
    expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code: one.code, stdout: '' });
    expect(treeOf(project)).toEqual(expected(one));
    expect(said).toBe(readFileSync(one.said, 'utf8'));
  });

  law('dry: shows the same and changes nothing', async () => {
    const project = projectFrom(one.before);
    const dry = await attempt(one, project, { dryRun: true });
    // What the command line itself refuses never gets that far.
    if (one.said.includes('unknown-flag')) return;
    expect(dry.code, JSON.stringify(dry.report)).toBe(one.code);
    expect(treeOf(project)).toEqual(treeOf(one.before));
    const real = await attempt(one, project, { install: false });
    // The same, but for the install that is left out, which leaves room for another action.
    const plan = ({ report }: { report: Report }) => {
      const { operations = [], next = [], title } = report.plan ?? {};
      const writes = operations.filter(({ kind }) => kind === 'write');
      const texts = next.map(({ text }) => text).sort();
      return {
        ...report,
        applied: null,
        plan: { title, writes, next: texts.filter((text) => !text.startsWith('install: ')) },
      };
    };
    expect(plan(dry)).toEqual(plan(real));
  });

  law('again: after stays after, and no package manager runs', async () => {
    const project = projectFrom(one.before, ...(existsSync(one.after) ? [one.after] : []));
    const { code, report } = await attempt(one, project);
    if (!one.said.includes('unknown-flag')) expect(code, JSON.stringify(report)).toBe(one.code);
    if (one.code === 0) expect(report).toMatchObject({ applied: false, plan: { operations: [] } });
    expect(treeOf(project)).toEqual(expected(one));
  });

  law('remove: after becomes before again, or it says what stays and why', async () => {
    const project = projectFrom(one.before, ...(existsSync(one.after) ? [one.after] : []));
    const [before, after] = [treeOf(one.before), treeOf(project)];
    const entries = Object.keys(after).filter((file) => /^\/\/ flue-blueprint: /.test(after[file]!));
    // An edited one of ours, or one elsewhere, stays what it is.
    if (one.code !== 0 || entries.length !== 1 || /^\/\/ flue-blueprint: /.test(before[entries[0]!] ?? '')) return;
    const words = removalOf(one, project);
    const { plan, applied } = await removeFrom(project, words);
    expect(applied).toBe(true);
    const now = treeOf(project);
    const said = plan!.next.map(({ text }) => text).join('\n');
    for (const file of new Set([...Object.keys(before), ...Object.keys(now)]))
      if (now[file] !== before[file])
        expectSaid(said, { file, before: before[file], now: now[file], isEntry: file === entries[0] });
    const again = await remove(undefined, words).catch((error: Problem) => error);
    if (again instanceof Problem)
      expect([again.code, now[entries[0]!]]).toEqual(['adapter-exists', before[entries[0]!]]);
    else expect(again.plan?.operations).toEqual([]);
    expect(treeOf(project)).toEqual(now);
  });

  law('failed: an install that refuses leaves every byte as it was', async () => {
    // A case that is refused has no install: `again` is the same run.
    if (one.code !== 0) return;
    const project = projectFrom(one.before);
    const { code, report } = await attempt(one, project);
    const { plan, problem } = report as Report & { problem?: { code: string; message: string } };
    if (plan?.operations.every(({ kind }) => kind === 'write')) return expect(code).toBe(0);
    expect(problem).toMatchObject({ code: 'operation-failed' });
    expect(problem!.message).toContain('this stand-in refuses');
    expect(code).toBe(4);
    expect(treeOf(project)).toEqual(treeOf(one.before));
  });
});

/** The flags of a removal that takes back what the case adds. */
function removalOf(one: Case, project: string): RemoveFlags {
  const [packageManager, host] = ['--package-manager', '--host'].map((flag) => chosenIn(one, flag));
  return {
    cwd: path.join(project, one.cwd),
    json: true,
    install: false,
    ...(packageManager && { packageManager: packageManager as NonNullable<RemoveFlags['packageManager']> }),
    ...(host && { host }),
  };
}

/**
 * A removal, dry first. Where it needs an install, which the stand-in refuses, all is back, and it does without one.
 */
async function removeFrom(project: string, words: RemoveFlags): Promise<Report> {
  const after = treeOf(project);
  const dry = await remove(undefined, { ...words, dryRun: true });
  expect(treeOf(project)).toEqual(after);
  const outcome = await remove(undefined, { ...words, install: true }).catch((problem: Problem) => problem);
  if (!(outcome instanceof Problem)) return outcome;
  expect(outcome.code, outcome.message).toBe('operation-failed');
  expect(treeOf(project)).toEqual(after);
  const report = await remove(undefined, words);
  expect(report.plan).toEqual(dry.plan);
  return report;
}

/** A file that is not what it was before the case; its bytes, undefined where it is not there. */
interface Changed {
  file: string;
  before: string | undefined;
  now: string | undefined;
  isEntry: boolean;
}

/** Expects that a removal said why a file is not what it was before. */
function expectSaid(said: string, { file, before, now, isEntry }: Changed): void {
  if (file.endsWith('package.json')) expect(withoutStaying(now!, before!, said)).toEqual(JSON.parse(bare(before!)));
  // What was ours before, or Flue's default with no sign of it, is not written again.
  else if (isEntry) expect([now, said]).toEqual([undefined, expect.stringContaining('in memory')]);
  else expect(said, `${file}\n${now}`).toMatch(new RegExp(`\`(?:[^\`]*/)?${path.basename(file)}\``));
}

/** What a flag was given that settles the same question for `remove`. */
function chosenIn({ args }: Case, flag: string): string | undefined {
  const at = args.indexOf(flag);
  return at < 0 ? undefined : args[at + 1];
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
