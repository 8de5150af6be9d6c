import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flue, projectFrom, root, scratch } from '../flue.ts';
import { type Resident, startResident } from '../resident.ts';

/**
 * A coding agent that has read `flue-db --help` and nothing else: it adds a database with one call, or with a second
 * one that answers the question of the first. Over every fixture that may ask something, with what it has to read for
 * that.
 */
const folder = path.join(root, 'fixtures');

interface Answer {
  ok: boolean;
  problem?: { code: string; question?: Question; further?: Question[] };
}

interface Question {
  flag: string;
  answers: { value: string; recommended?: true }[];
}

/** The flags that settle a question: an agent does not know them beforehand. */
const settling = ['--driver', '--var', '--target', '--package-manager', '--flue', '--on-existing', '--client'];

function asked(name: string): { database: string; cwd: string } | null {
  const lines = readFileSync(path.join(folder, name, 'run'), 'utf8').split('\n');
  const words = lines.find((line) => line.startsWith('flue '))?.split(' ') ?? [];
  const [, command, kind, database] = words;
  if (command !== 'add' || kind !== 'database' || !database || database.startsWith('-')) return null;
  // What a refusal is about, and what a flag without an answer is, no agent types.
  if (
    name.startsWith('refusals/') ||
    words.some((word) => word.startsWith('--') && !settling.includes(word) && word !== '--yes')
  )
    return null;
  // What is asked nothing is added by the very command that the fixture itself runs.
  const said = readFileSync(path.join(folder, name, 'said.txt'), 'utf8');
  if (!said.includes('needs-answer') && !words.some((word) => settling.includes(word))) return null;
  return { database, cwd: lines.find((line) => line.startsWith('cd '))?.slice(3) ?? '.' };
}

const cases = readdirSync(folder).flatMap((theme) =>
  readdirSync(path.join(folder, theme)).flatMap((one) => {
    const found = existsSync(path.join(folder, theme, one, 'run')) ? asked(`${theme}/${one}`) : null;
    return found ? [{ name: `${theme}/${one}`, ...found }] : [];
  }),
);

/** The answer to a question: the recommended one, else the first that goes on with the work. */
function answerTo({ flag, answers }: Question): string[] {
  const chosen = answers.find(({ recommended }) => recommended) ?? answers.find(({ value }) => value !== 'keep');
  // Without any answer offered it is a version, and package.json has the range for it.
  return [flag, chosen?.value ?? '2.0.3'];
}

const help = async () => (await flue(['--help'], { cwd: scratch('help') })).stdout;

test('the help is short, and says how an agent goes about it', async () => {
  const text = await help();
  expect(text.length).toBeLessThan(3000);
  for (const part of ['flue-db add postgres --json', '`problem.question`', '3    refused'])
    expect(text).toContain(part);
});

let program: Resident;
beforeAll(() => {
  program = startResident();
});
afterAll(() => program.stop());

describe.each(cases)('$name', ({ name, database, cwd }) => {
  test.concurrent('is added to in two calls at the most, and each answer is short', async () => {
    const project = path.join(projectFrom(path.join(folder, name, 'before')), cwd);
    const call = async (more: string[]) => {
      const line = ['add', 'database', database, '--json', '--no-install', ...more];
      const { stdout, stderr } = await program.run(line, project);
      expect(stderr).toBe('');
      expect(Buffer.byteLength(stdout)).toBeLessThan(5000);
      return JSON.parse(stdout) as Answer;
    };
    const first = await call([]);
    const question = first.problem?.question;
    if (!question) {
      // A refusal without a question is none that an answer could change.
      if (!first.ok) expect(first.problem?.code).not.toBe('needs-answer');
      return;
    }
    const second = await call([question, ...(first.problem?.further ?? [])].flatMap(answerTo));
    // One of them holds a file in the place where what is replaced would be kept: that no answer settles.
    const code = name === 'db-entries/kept-already' ? 'adapter-exists' : undefined;
    expect({ ok: second.ok, code: second.problem?.code }, JSON.stringify(second)).toEqual({ ok: !code, code });
  });
});
