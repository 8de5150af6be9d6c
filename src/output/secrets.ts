import type { EnvDoc } from '../types/env-docs.ts';
import type { Operation } from '../types/plan.ts';

/**
 * What keeps secrets out of everything that is shown: what stands in a committed file may be real all the same, and
 * output ends up in the logs of builds. The bytes on disk are never those of here.
 */
const mask = '***';

/** What stands before `@` in URLs of documentation, and is no secret. */
const harmless = /^(?:git|user|user:password|username:password|postgres|root|default)$/i;

/** What every registry and forge gives its tokens to begin with, and what package managers call them. */
const tokens: readonly [RegExp, string][] = [
  [/\b(?:npm|gh[pousr]|github_pat|glpat|xox[abpr]|sk|rk|pk|whsec)[-_][\w-]{16,}/g, mask],
  [/\bAKIA[0-9A-Z]{16}\b/g, mask],
  [/\b(Bearer|Basic)[ \t]+[\w.+/=~-]{8,}/gi, `$1 ${mask}`],
  [/(_(?:authToken|auth|password)[ \t]*=[ \t]*)[^\s'"`]+/g, `$1${mask}`],
  [/([?&](?:password|passwd|pwd|token|authToken|apikey|api_key|secret|sslpassword)=)[^&\s'"`]+/gi, `$1${mask}`],
];

/** The text without user and password in its URLs, and without what is plainly a token. */
export function withoutCredentials(text: string): string {
  const urls = text.replace(/:\/\/([^\s/'"`<>|]+)@/g, (whole, user: string) =>
    harmless.test(user) ? whole : `://${mask}@`,
  );
  return tokens.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), urls);
}

/**
 * Writes as they may be shown: without credentials, and those of env docs without the values that stood there before. A
 * value that the plan itself puts there is no secret.
 */
export function maskedOperations(operations: readonly Operation[], docs: readonly EnvDoc[]): Operation[] {
  return operations.map((one) => {
    if (one.kind === 'run') return one;
    const kind = docs.find(({ path }) => path === one.path)?.kind ?? null;
    const names = kind === null ? new Set<string>() : assignedIn(one.before ?? '');
    const show = (text: string | null) => text && withoutCredentials(kind === null ? text : withoutValues(text, names));
    return { ...one, before: show(one.before), after: show(one.after) };
  });
}

/** `NAME=value` at the beginning of a line, as templates, their comments, fences and lists have it. */
const assignment = /^([\s#>*+-]*`?(?:export[ \t]+)?)([A-Za-z_][\w.-]*)([ \t]*=[ \t]*)(.*)$/;

function assignedIn(text: string): Set<string> {
  const names = text.split(/\r?\n/).flatMap((line) => assignment.exec(line)?.[2] ?? []);
  for (const [, name] of text.matchAll(inProse)) names.push(name!);
  return new Set(names);
}

/** `NAME=value` inside a sentence or a cell. */
const inProse = /\b([A-Z][A-Z0-9_]{1,80})=([^\s`'"|]+)/g;

/** A default in a module that checks the environment. */
const fallback = /(\b(?:dev|test)?default[ \t]*[(:][ \t]*)(['"`])[^'"`\n]+\2/gi;

/** The text of a doc without the values of the named variables. A value in quotes may go on over several lines. */
function withoutValues(text: string, names: ReadonlySet<string>): string {
  let quote = '';
  const lines = text.split('\n').map((line) => {
    const end = line.endsWith('\r') ? '\r' : '';
    const bare = end ? line.slice(0, -1) : line;
    if (quote) {
      const at = bare.indexOf(quote);
      if (at < 0) return `${mask}${end}`;
      const rest = bare.slice(at);
      quote = '';
      return `${mask}${rest}${end}`;
    }
    const match = assignment.exec(bare);
    if (!match || !names.has(match[2]!)) return `${withoutProse(bare, names)}${end}`;
    const [, before, name, equals, value] = match as unknown as [string, string, string, string, string];
    const shown = withoutValue(value);
    if (shown === null) quote = value[0]!;
    return `${before}${name}${equals}${shown ?? `${value[0]}${mask}`}${end}`;
  });
  return lines.join('\n');
}

/**
 * One value as it may be shown, with its quotes and what follows it; null where its quote is not closed on this line.
 */
function withoutValue(value: string): string | null {
  const open = /^["'`]/.exec(value)?.[0];
  if (open) {
    const close = value.indexOf(open, 1);
    if (close < 0) return null;
    return close === 1 ? value : `${open}${mask}${value.slice(close)}`;
  }
  const ends = [' #', '\t#', '`'].map((one) => value.indexOf(one)).filter((at) => at >= 0);
  const end = Math.min(value.length, ...ends);
  return value.slice(0, end).trim() === '' ? value : `${mask}${value.slice(end)}`;
}

function withoutProse(line: string, names: ReadonlySet<string>): string {
  return line
    .replace(inProse, (whole, name: string) => (names.has(name) ? `${name}=${mask}` : whole))
    .replace(fallback, `$1$2${mask}$2`)
    .replace(/[\w+/=-]{20,400}/g, (word) => (looksRandom(word) ? mask : word));
}

/** A long word of digits and letters in no order, as keys are. */
function looksRandom(word: string): boolean {
  if (/[-_/]{2}|^[a-z-]+$|^[A-Z_]+$/i.test(word)) return false;
  const digits = word.replace(/\D/g, '').length;
  const changes = [...word].filter((one, i) => i > 0 && classOf(one) !== classOf(word[i - 1]!)).length;
  return digits >= 4 && changes >= word.length / 4;
}

function classOf(character: string): string {
  if (/\d/.test(character)) return 'digit';
  if (/[a-z]/.test(character)) return 'lower';
  return /[A-Z]/.test(character) ? 'upper' : 'other';
}
