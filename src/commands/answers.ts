import {
  exactVersion,
  type Ground,
  isExactVersion,
  namesByCanonical,
  takeAnswer,
  withTarget,
} from '../choose/answers.ts';
import { choose } from '../choose/index.ts';
import { refuseVariableName } from '../choose/variable-name.ts';
import { inspect } from '../inspect/index.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import type { Asking } from '../output/ask.ts';
import type { Audience } from '../output/audience.ts';
import { offeredClient } from '../plan/next.ts';
import { Declined, Problem } from '../problem.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Choice, Outcome, Question } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { AddFlags } from './add.ts';
import type { OpenProject } from './open.ts';
import { settle } from './settle.ts';

/** What answered a question, as the flag that would have. */
export interface Answered {
  flag: string;
  answer: string;
}

/** A choice, the facts it was made from, and what a person has answered. */
interface Settled {
  facts: Facts;
  choice: Choice;
  answers: Answered[];
}

/** What was answered so far, and the reasons by flag. */
interface Given {
  answers: Answered[];
  reasons: Record<string, string>;
}

/** Looks once and chooses until no question is open. Raises what `inspect`, `choose` and `ask` do. */
export async function settleChoice(
  { project, host }: OpenProject,
  shelved: Shelved,
  flags: AddFlags,
  audience: Audience,
): Promise<Settled> {
  const { cwd, driver, client, onExisting, packageManager, target, flue } = flags;
  const installs = flags.install && !flags.dryRun && !flags.print;
  const look = async (version: string | undefined) =>
    withTarget(
      await inspect(project, host, [shelved.blueprint], { packageManager, version, client, driver, cwd, installs }),
      target,
    );
  const names = namesByCanonical(flags.var);
  const services = flags.services?.split(',').map((one) => one.trim());
  const first = flue === undefined ? undefined : exactVersion(flue);
  const confirmsGuess = installs && audience.somebody;
  const request = { driver, client, onExisting, names, services, confirmsGuess };
  let ground: Ground = { facts: await look(first), request };
  const given: Given = { answers: [], reasons: {} };
  const choice = await settle(audience, {
    choose: async () => {
      const outcome = await chooseOrDecline(ground, shelved, given, audience);
      const question = 'choice' in outcome ? clientQuestion(ground, outcome.choice, given, audience) : null;
      return question ? { question } : outcome;
    },
    take: async (question, answer) => {
      given.answers.push({ flag: question.flag, answer });
      if (question.flag === '--client' && answer === own) return;
      const because = reasonFor(question, answer, audience);
      given.reasons[question.flag] = because;
      // Only the version decides how a project is read; it is open already, and no file is read twice.
      if (question.flag === '--flue') ground = { ...ground, facts: await look(exactVersion(answer)) };
      else ground = takeAnswer(ground, { ...question, because }, answer);
    },
    asking: askingOf,
  });
  return { facts: ground.facts, choice: withReasons(choice, given.reasons), answers: given.answers };
}

/** Who answers that nothing is to be done is not told of an error. */
async function chooseOrDecline(
  { facts, request }: Ground,
  shelved: Shelved,
  { answers }: Given,
  { somebody }: Audience,
): Promise<Outcome<Choice>> {
  try {
    return await choose(facts, shelved, request);
  } catch (error) {
    const said = (flag: string, answer: string) => answers.some((one) => one.flag === flag && one.answer === answer);
    const declined = said('--on-existing', 'keep') || said('--target', 'cloudflare');
    if (!somebody || !declined || !(error instanceof Problem)) throw error;
    throw new Declined(error.code, error.message, error.hint);
  }
}

/** At the keyboard, whether to use a client that the project makes is asked before the work, not mentioned after it. */
function clientQuestion(
  { facts, request }: Ground,
  choice: Choice,
  { answers }: Given,
  { somebody }: Audience,
): Question | null {
  if (!somebody || request.driver || request.client || choice.entry.value === 'keep') return null;
  if (answers.some(({ flag }) => flag === '--client')) return null;
  const offered = offeredClient(facts, choice);
  if (!offered) return null;
  const { title, entryFile } = hostOf(facts);
  const theirs = `${offered.path}#${offered.export}`;
  const cost = offered.risks.map((risk) => `; ${risk}`).join('');
  return {
    flag: '--client',
    ask: `Which client should \`${entryFile}\` use?`,
    because: `\`${offered.path}\` makes and exports one of \`${offered.package}\``,
    answers: [
      { value: own, label: `One of its own, set up for what ${title} needs`, recommended: true },
      { value: theirs, label: `yours; ${title} never closes it${cost}` },
    ],
  };
}

/** No flag: `db.ts` makes its own client unless it is told of another. */
const own = '';

/** A reason for the answer: where it goes against the advice, the advice is no reason for it. */
function reasonFor({ because, answers }: Question, answer: string, { somebody }: Audience): string {
  const one = answers.find(({ value }) => value === answer);
  if (one?.recommended || !somebody) return because;
  if (!one) return 'you chose it';
  const advised = answers.some(({ recommended }) => recommended);
  return `you chose it${advised ? `, although ${because}` : ''}`;
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
    const refuse = (typed: string) => (isExactVersion(typed) ? null : 'one exact version, such as 2.0.3');
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
export function replayOf(command: string, { blueprint }: Choice, answers: readonly Answered[]): string {
  const name = blueprint.split(/[/@]/)[1]!;
  const flags = answers
    .filter(({ flag, answer }) => flag !== '--client' || answer !== own)
    .map(({ flag, answer }) => `${flag} ${quoted(answer)}`);
  return [command, 'add', name, ...flags, '--yes'].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./#-]+$/.test(word) && !word.startsWith('#') ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
