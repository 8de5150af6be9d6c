import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AddFlags, add } from '../src/commands/add.ts';
import { remove } from '../src/commands/remove.ts';
import { Problem } from '../src/problem.ts';
import { projectFrom, root, treeOf } from './flue.ts';

/**
 * Projects that nobody wrote: the fixtures with one to four mutations. Whatever comes out is a plan or a refusal, never
 * a bug; a refusal and a dry run change nothing; a second run finds nothing to do; no value of `.env` gets out; nothing
 * takes long. `FLUE_FUZZ` says how many, `FLUE_SEED` makes others, and repeats them: it is in the name of each test.
 */
const count = Number(process.env.FLUE_FUZZ ?? 50);
const seed = Number(process.env.FLUE_SEED ?? 1);
/** Of CPU, in milliseconds: a busy machine makes nothing slower. */
const slow = 4_000;
const secret = 'k9-never-printed-7f3a';

/** Numbers from a seed (mulberry32), so that a run can be repeated. */
function numbers(from: number): (below: number) => number {
  let state = from >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Below = ReturnType<typeof numbers>;
const pick = <T>(list: readonly T[], below: Below): T => list[below(list.length)]!;

const seeds = readdirSync(path.join(root, 'fixtures')).flatMap((theme) =>
  readdirSync(path.join(root, 'fixtures', theme)).map((name) => path.join(root, 'fixtures', theme, name)),
);
const databases = readdirSync(path.join(root, 'blueprints/database')).map((folder) => folder.split('@')[0]!);

const oddValues = [null, 5, '', true, [], {}, 'x'.repeat(5000), '\u001b]0;title\u0007', '../..', '__proto__', [[[[]]]]];
const oddText = [
  '\0',
  '\u001b[31m',
  '\u202e',
  '\ufeff',
  '\r',
  '\r\n',
  '[',
  ']',
  '{',
  '}',
  '`',
  '"',
  "'",
  '/*',
  '*/',
  '#',
  `\${X}`,
  '|',
  '<<<<<<< HEAD\n',
  '---\n',
  '\u00e9',
  '\ud83d',
  'process.env.DATABASE_URL',
  'DATABASE_URL=postgres://u:p@h/d\n',
  'export default ',
  '- '.repeat(200),
];

/** Every regular file of a folder but `.env`, which holds what must not get out, as paths from it. */
function filesIn(folder: string, below = '.'): string[] {
  return readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const at = path.posix.join(below, entry.name);
    if (entry.name === '.git' || entry.name === '.env') return [];
    if (entry.isDirectory()) return filesIn(folder, at);
    return entry.isFile() ? [at] : [];
  });
}

function mutateJson(value: unknown, below: Below): unknown {
  if (typeof value !== 'object' || value === null || below(3) === 0) return pick(oddValues, below);
  const keys = Object.keys(value);
  if (keys.length === 0) return { key: pick(oddValues, below) };
  const key = pick(keys, below);
  const changed = Array.isArray(value) ? [...value] : { ...value };
  if (below(5) === 0) Reflect.deleteProperty(changed, key);
  else Reflect.set(changed, key, mutateJson(Reflect.get(value, key), below));
  return changed;
}

function mutateText(bytes: Buffer, below: Below): Buffer {
  const at = below(bytes.length + 1);
  const to = Math.min(bytes.length, at + below(40));
  const [head, middle, tail] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
  switch (below(8)) {
    case 0:
      return Buffer.concat([head, tail]);
    case 1:
      return Buffer.concat([head, middle, middle, tail]);
    case 2:
      return Buffer.concat([head, Buffer.from(pick(oddText, below)), middle, tail]);
    case 3:
      return head;
    case 4:
      return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
    case 5:
      return Buffer.concat([head, Buffer.from([0xff, 0xfe, below(256)]), middle, tail]);
    case 6:
      return Buffer.from(bytes.toString('latin1').split('\n').reverse().join('\n'), 'latin1');
    default:
      return Buffer.concat([head, Buffer.from(pick(oddText, below).repeat(1 + below(30))), tail]);
  }
}

/** One mutation of one file. Gives what was done, in words. */
function mutate(folder: string, below: Below): string {
  const files = filesIn(folder);
  if (files.length === 0) return 'nothing left';
  const file = pick(files, below);
  const at = path.join(folder, file);
  const how = below(20);
  const bytes = readFileSync(at);
  if (how === 0) rmSync(at);
  else if (how === 1) writeFileSync(at, '');
  else if (how === 2) {
    rmSync(at);
    mkdirSync(at);
  } else if (how === 3) {
    rmSync(at);
    symlinkSync(path.basename(at), at);
  } else if (how === 4) {
    rmSync(at);
    symlinkSync('/nowhere/at/all', at);
  } else if (how === 5) renameSync(at, `${at}${pick(['.example', '.bak', '.tmp', ' copy', '\u202e'], below)}`);
  else if (how < 12 && file.endsWith('.json')) {
    try {
      writeFileSync(at, `${JSON.stringify(mutateJson(JSON.parse(bytes.toString('utf8')), below), null, 2)}\n`);
    } catch {
      writeFileSync(at, mutateText(bytes, below));
    }
  } else writeFileSync(at, mutateText(bytes, below));
  return `${file} (${how})`;
}

/** What a command gives: its report or its refusal, and what CPU it took. Anything else that is thrown is a bug. */
async function outcomeOf(run: () => Promise<unknown>): Promise<{ said: string; refused: boolean; took: number }> {
  const began = process.cpuUsage();
  const took = () => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  };
  try {
    const report = await run();
    return { said: JSON.stringify(report), refused: false, took: took() };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { said: `${error.message} ${error.hint}`, refused: true, took: took() };
  }
}

async function hold(number: number): Promise<void> {
  const below = numbers(seed + number);
  const from = pick(seeds, below);
  const project = projectFrom(path.join(from, 'before'));
  const cwd = path.join(project, /^cd (.*)$/m.exec(readFileSync(path.join(from, 'run'), 'utf8'))?.[1] ?? '.');
  const name = pick(databases, below);
  writeFileSync(path.join(project, '.env'), `DATABASE_URL=${secret}\nREDIS_URL=${secret}\n`);
  const done = Array.from({ length: 1 + below(4) }, () => mutate(project, below));
  if (!lstatSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return;
  const what = `FLUE_SEED=${seed}, project ${number}: ${path.relative(root, from)}, ${name}, ${done.join(', ')}`;
  const flags: AddFlags = { cwd, var: [], install: false, json: true, yes: below(2) === 0 };
  const before = treeOf(project);

  const dry = await outcomeOf(() => add('database', name, { ...flags, dryRun: true }));
  expect(treeOf(project), `${what}: a dry run changed something`).toEqual(before);
  const real = await outcomeOf(() => add('database', name, flags));
  if (real.refused) expect(treeOf(project), `${what}: a refusal changed something`).toEqual(before);
  const after = treeOf(project);
  const again = await outcomeOf(() => add('database', name, flags));
  if (!real.refused) expect(treeOf(project), `${what}: a second run changed something`).toEqual(after);
  const taken = await outcomeOf(() => remove(undefined, { cwd, json: true, install: false }));
  expect(treeOf(project)['.env'], `${what}: .env was written`).toBe(before['.env']);
  for (const { said, took } of [dry, real, again, taken]) {
    expect(said, `${what}: a value of .env got out`).not.toContain(secret);
    expect(took, `${what}: it took long`).toBeLessThan(slow);
  }
  rmSync(project, { recursive: true, force: true });
}

describe('projects that nobody wrote', () => {
  const batch = 25;
  test.each(Array.from({ length: Math.ceil(count / batch) }, (_, index) => index * batch))(
    `%i and the next ${batch} (FLUE_SEED=${seed})`,
    async (first) => {
      for (let number = first; number < Math.min(first + batch, count); number += 1) await hold(number);
    },
    batch * slow * 10,
  );
});
