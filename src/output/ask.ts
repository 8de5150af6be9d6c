import { Declined, Problem } from '../problem.ts';
import type { Answer, Question } from '../types/choice.ts';
import type { Audience } from './audience.ts';
import { paint, type StyledText } from './layout.ts';
import { hasColour } from './stream.ts';
import { presentableInLine } from './untrusted.ts';

/** How a question is put to a person. */
export interface Asking {
  /**
   * Whether an answer that is none of those offered may be typed; how it is asked for, and why it is refused, if it is.
   */
  another?: { label: string; placeholder: string; refuse(typed: string): string | null; answer(typed: string): string };
}

/**
 * The answer to an open question: a prompt where somebody is there, the recommended answer under `--yes`, otherwise a
 * refusal that names the flag and the answers. Raises `needs-answer` (or what the question says instead) and
 * `interrupted`.
 */
export async function ask(question: Question, audience: Audience, asking: Asking = {}): Promise<string> {
  if (audience.somebody) return prompt(question, asking);
  const recommended = question.answers.find((answer) => answer.recommended);
  if (audience.yes && recommended) return recommended.value;
  throw refusalOf(question);
}

/** What becomes of the plan that was just shown. */
export async function confirmPlan(): Promise<'yes' | 'no' | 'diff'> {
  const options = [
    { value: 'yes', label: 'Yes' },
    { value: 'no', label: 'No, change nothing' },
    { value: 'diff', label: 'Show the diff first' },
  ] as const;
  const { select, isCancel } = await import('@clack/prompts');
  const answer = await select({ message: 'Do this?', options: [...options], output: output() });
  return isCancel(answer) ? 'no' : answer;
}

/** The first line of a conversation, and its last. */
export async function frame(edge: 'begin' | 'end', text: string): Promise<void> {
  const { intro, outro } = await import('@clack/prompts');
  if (edge === 'begin') intro(presentableInLine(text), { output: output() });
  else outro(presentableInLine(text), { output: output() });
}

async function prompt(question: Question, { another }: Asking): Promise<string> {
  const message = paint({ colour: hasColour(2) }, [question.ask, '\n', ['dim', question.because]]);
  if (question.answers.length === 0) return another ? typed(message, another) : refuse(question);
  const { select, isCancel } = await import('@clack/prompts');
  const first = [...question.answers].sort((a, b) => Number(b.recommended ?? false) - Number(a.recommended ?? false));
  const options = first.map((one) => ({ value: one.value, label: labelOf(one, question.flag) }));
  const other = '\0another';
  if (another) options.push({ value: other, label: another.label });
  const answer = await select({ message, options, output: output() });
  if (isCancel(answer)) throw cancelled();
  return answer === other ? typed(another!.label, another!) : answer;
}

/** A row says what the answer means, and not only how it is typed. */
function labelOf({ value, label, recommended }: Answer, flag: Question['flag']): string {
  const word = flag === '--var' ? value.slice(value.indexOf('=') + 1) : value;
  const says = label.toLowerCase().startsWith(word.toLowerCase());
  const spans: StyledText[] = says ? [`${label[0]!.toUpperCase()}${label.slice(1)}`] : [word, '  ', ['dim', label]];
  if (recommended) spans.push(['green', '  (recommended)']);
  return paint({ colour: hasColour(2) }, spans, presentableInLine);
}

async function typed(
  message: string,
  { placeholder, refuse, answer }: NonNullable<Asking['another']>,
): Promise<string> {
  const { text, isCancel } = await import('@clack/prompts');
  const validate = (one: string | undefined) => refuse((one ?? '').trim()) ?? undefined;
  const given = await text({ message, placeholder, validate, output: output() });
  if (isCancel(given)) throw cancelled();
  return answer(given.trim());
}

/** Not everything that can be written to stderr knows NO_COLOR: what paints the prompts does not, in Node 20. */
function output(): NodeJS.WriteStream {
  const { stderr } = process;
  if (hasColour(2)) return stderr;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes for colours begin with ESC.
  const plain = (text: string | Uint8Array) => String(text).replace(/\u001b\[[\d;]*m/g, '');
  return Object.create(stderr, {
    write: { value: (text: string, ...rest: []) => stderr.write(plain(text), ...rest) },
  });
}

/** A question that nobody answers, as the refusal it becomes. */
export function refusalOf(question: Question): Problem {
  if (question.refusal) return new Problem(question.refusal.code, question.because, question.refusal.hint, question);
  const { flag, answers } = question;
  const ways = answers.map(({ value }) => `\`${flag === '<name>' ? value : `${flag} ${value}`}\``).join(' or ');
  const hint = `answer with ${ways || `\`${flag} <value>\``}`;
  return new Problem('needs-answer', `${question.ask} ${question.because}`, hint, question);
}

function refuse(question: Question): never {
  throw refusalOf(question);
}

function cancelled(): Problem {
  return new Declined('interrupted', 'cancelled', 'nothing was changed');
}
