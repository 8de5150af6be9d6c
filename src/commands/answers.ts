import { choose } from '../choose/index.ts';
import { refuseVariableName } from '../choose/variable-name.ts';
import { inspect } from '../inspect/index.ts';
import { type Asking, ask } from '../output/ask.ts';
import type { Audience } from '../output/audience.ts';
import { offeredClient } from '../plan/next.ts';
import { Declined, Problem } from '../problem.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Choice, Question } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { AddFlags } from './add.ts';

/** A choice, the facts it was made from, and the flags that a person's answers stand for. */
export interface Settled {
  facts: Facts;
  choice: Choice;
  answers: string[];
}

/** What was answered so far: as flags, and as reasons by flag and by variable. */
interface Given {
  flags: AddFlags;
  answers: string[];
  reasons: Record<string, string>;
}

/** Looks and chooses until no question is open. An answer is a flag that was not typed. Raises what `inspect`, `choose` and `ask` do. */
export async function settle(shelved: Shelved, flags: AddFlags, audience: Audience): Promise<Settled> {
  if (flags.flue !== undefined) checkVersion(flags.flue);
  let given: Given = { flags, answers: [], reasons: {} };
  for (;;) {
    const { facts, outcome } = await look(shelved, given, audience);
    const question = 'flag' in outcome ? outcome : clientQuestion(facts, outcome, given, audience);
    if (!question) {
      const choice = withReasons(outcome as Choice, given.reasons);
      return { facts, choice, answers: given.answers };
    }
    const answer = await ask(question, audience, askingOf(question));
    given = answered(given, question, answer, audience);
  }
}

async function look(
  shelved: Shelved,
  given: Given,
  audience: Audience,
): Promise<{ facts: Facts; outcome: Choice | Question }> {
  const { cwd, driver, client, onExisting, packageManager, target, flue, var: vars } = given.flags;
  const facts = await inspect(cwd, [shelved.blueprint], { packageManager, target, flue, client, driver });
  try {
    const request = { driver, client, onExisting, names: namesIn(vars), because: given.reasons };
    return { facts, outcome: await choose(facts, shelved, request) };
  } catch (error) {
    // Who answers that nothing is to be done is not told of an error.
    const said = (flag: string, value: string) => audience.somebody && given.answers.includes(`${flag} ${value}`);
    const declined = said('--on-existing', 'keep') || said('--target', 'cloudflare');
    if (!declined || !(error instanceof Problem)) throw error;
    throw new Declined(error.code, error.message, error.hint);
  }
}

/** At the keyboard, whether to use a client that the project makes is asked before the work, not mentioned after it. */
function clientQuestion(facts: Facts, choice: Choice, given: Given, { somebody }: Audience): Question | null {
  const { driver, client } = given.flags;
  if (!somebody || driver || client || given.answers.some((one) => one.startsWith('--client'))) return null;
  if (choice.entry.value === 'keep') return null;
  const offered = offeredClient(facts, choice);
  if (!offered) return null;
  const theirs = `${offered.path}#${offered.export}`;
  const cost = offered.risks.map((risk) => `; ${risk}`).join('');
  return {
    flag: '--client',
    ask: 'Which client should `db.ts` use?',
    because: `\`${offered.path}\` makes and exports one of \`${offered.package}\``,
    answers: [
      { value: own, label: 'One of its own, set up for what Flue needs', recommended: true },
      { value: theirs, label: `yours; Flue never closes it${cost}` },
    ],
  };
}

/** No flag: `db.ts` makes its own client unless it is told of another. */
const own = '';

function answered({ flags, answers, reasons }: Given, question: Question, answer: string, audience: Audience): Given {
  const { flag } = question;
  const one = question.answers.find(({ value }) => value === answer);
  const reason = one ? reasonFor(question, one.recommended ?? false, audience) : 'you chose it';
  if (flag === '--client' && answer === own) return { flags, answers: [...answers, '--client'], reasons };
  const all = [...answers, `${flag} ${answer}`];
  if (flag === '--var') {
    const because = { ...reasons, [answer.split('=')[0]!]: reason };
    return { flags: { ...flags, var: [...flags.var, answer] }, answers: all, reasons: because };
  }
  const key = flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { flags: { ...flags, [key]: answer }, answers: all, reasons: { ...reasons, [flag]: reason } };
}

/** A reason for the answer: where it goes against the advice, the advice is no reason for it. */
function reasonFor({ because, answers }: Question, recommended: boolean, { somebody }: Audience): string {
  if (recommended) return because;
  const advised = answers.some((one) => one.recommended);
  return somebody ? `you chose it${advised ? `, although ${because}` : ''}` : because;
}

function withReasons(choice: Choice, reasons: Record<string, string>): Choice {
  const because = (flag: string) => (reasons[flag] ? { because: reasons[flag] } : {});
  return {
    ...choice,
    driver: { ...choice.driver, ...because('--driver') },
    target: { ...choice.target, ...because('--target') },
    packageManager: { ...choice.packageManager, ...because('--package-manager') },
    ...(choice.client && { client: { ...choice.client, ...because('--client') } }),
  };
}

/** What may be typed where none of the answers fits, checked as it is typed. */
function askingOf({ flag, answers }: Question): Asking {
  if (flag === '--flue') {
    const refuse = (typed: string) => (isExact(typed) ? null : 'one exact version, such as 2.0.3');
    return { another: { label: 'The version', placeholder: '2.0.3', refuse, answer: (typed) => typed } };
  }
  if (flag !== '--var') return {};
  const canonical = answers[0]!.value.split('=')[0]!;
  return {
    another: {
      label: 'Another name …',
      placeholder: `SHOP_${canonical}`,
      refuse: (typed) => (typed === '' ? 'the name of a variable' : refuseVariableName(typed)),
      answer: (typed) => `${canonical}=${typed}`,
    },
  };
}

/** The line that does the same without a question, as it is typed into a shell. */
export function replayOf(command: string, { blueprint }: Choice, answers: readonly string[]): string {
  const name = blueprint.split(/[/@]/)[1]!;
  const flags = answers
    .filter((one) => one !== '--client')
    .map((one) => {
      const [flag, ...value] = one.split(' ');
      return `${flag} ${quoted(value.join(' '))}`;
    });
  return [command, 'add', name, ...flags, '--yes'].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./#-]+$/.test(word) && !word.startsWith('#') ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function isExact(version: string): boolean {
  return /^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version);
}

function checkVersion(version: string): void {
  if (isExact(version)) return;
  throw new Problem('bad-request', `\`--flue ${version}\` is not one exact version`, 'for example `--flue 2.0.3`');
}

function namesIn(vars: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    vars.map((one) => {
      const match = /^(\w+)=([^=]+)$/.exec(one);
      if (match) return [match[1]!, match[2]!];
      throw new Problem(
        'bad-request',
        `\`--var ${one}\` is not of the form CANONICAL=NAME`,
        'for example `--var DATABASE_URL=POSTGRES_URL`',
      );
    }),
  );
}
