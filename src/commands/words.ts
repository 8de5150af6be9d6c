import { Problem } from '../problem.ts';
import { type CommandEntry, commandNamed, type Flag } from './flags.ts';

/** What is typed behind a command, held against its entry in the table: nothing that is typed is ignored. */

/**
 * Refuses words that the command does not know. The commands with a kind say themselves what may follow it. Raises
 * `bad-request`.
 */
export function refuseWords({ name, kind, argument }: CommandEntry, words: readonly string[]): void {
  if (words.includes('')) throw new Problem('bad-request', `an empty word stands behind \`${name}\``, leaveOut);
  const more = words.slice(argument ? 1 : 0);
  if (kind || more.length === 0) return;
  const hint = `\`flue-db ${name}${argument ? ` <${argument.name}>` : ''}\` takes nothing else; \`--help\` says more`;
  throw new Problem('bad-request', `what is \`${more.join(' ')}\`?`, hint);
}

/**
 * Refuses what stands behind `--version`, and behind `help <command>` but for the kind that the command takes. Raises
 * `bad-request`.
 */
export function refuseMore([first = '', second = '', ...rest]: readonly string[]): void {
  const isHelp = first === 'help';
  const takesKind = isHelp && commandNamed(second)?.kind && rest[0] === 'database';
  const asked = isHelp && second !== '' ? `help ${second}` : first;
  const more = isHelp ? rest.slice(takesKind ? 1 : 0) : [second, ...rest].filter(Boolean);
  if (more.length === 0) return;
  throw new Problem('bad-request', `what is \`${more.join(' ')}\`?`, `\`flue-db ${asked}\` takes nothing else`);
}

/**
 * What reads the value of a flag each time that it is typed. It raises `bad-request` for an empty one, for a flag in
 * its place, and for a second value of a flag that takes one.
 */
export function readerOf({ flags }: CommandEntry, { name, argument, repeatable }: Flag): (value: string) => string {
  let first: string | null = null;
  return (value) => {
    if (value === '')
      throw new Problem('bad-request', `\`${name}\` has no value`, `\`${name} ${argument}\`; ${leaveOut}`);
    if (flags.some((flag) => flag.name === value || flag.short === value))
      throw new Problem('bad-request', `\`${name}\` has no value: \`${value}\` is a flag`, `\`${name} ${argument}\``);
    if (!repeatable && first !== null && first !== value)
      throw new Problem(
        'bad-request',
        `\`${name}\` is \`${first}\`, and then \`${value}\``,
        'leave out one of the two',
      );
    first = value;
    return value;
  };
}

const leaveOut = 'give one, or leave it out';
