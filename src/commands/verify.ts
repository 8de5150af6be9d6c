import { listBlueprints } from '../blueprints/shelf.ts';
import { inspect } from '../inspect/index.ts';
import { ask } from '../output/ask.ts';
import { sayBeginning, sayCheck, sayTally } from '../output/checks.ts';
import type { Report } from '../output/json.ts';
import { Problem, Verdict } from '../problem.ts';
import type { Check, Level, Site } from '../types/verify.ts';
import { Verification } from '../verify/index.ts';
import { levelFor } from '../verify/level.ts';
import { type Subject, subjectOf } from '../verify/subject.ts';
import type { Throwaway } from '../verify/throwaway/index.ts';
import { problemIn } from '../verify/verdict.ts';
import { audienceOf } from './run-plan.ts';

/** The flags of `flue verify database`, as typed. */
export interface VerifyFlags {
  cwd: string;
  env?: string;
  level?: Level;
  throwaway?: boolean;
  /** In seconds. */
  timeout: number;
  strict?: boolean;
  json?: boolean;
  yes?: boolean;
}

/** `flue verify database`: is the database reachable, is it fit, does this db entry keep its word? The one command that runs the project's code. */
export async function verify(flags: VerifyFlags): Promise<Report> {
  const blueprints = listBlueprints();
  const facts = await inspect(flags.cwd, blueprints);
  const subject = subjectOf(facts, blueprints, flags.env);
  const begun = Date.now();
  if (!flags.json) sayBeginning(subject.entry, subject.envFile && shortOf(subject));
  const checks = await found(subject, flags);
  if (!flags.json) sayTally(checks, Date.now() - begun);
  const problem = problemIn(checks, subject.entry, flags.strict ?? false);
  if (problem) throw new Verdict(problem, checks);
  const marker = facts.adapter?.value.marker;
  return { command: 'verify', ...(marker && { blueprint: marker }), checks };
}

/** Every check, also where it was interrupted: then what it had made is removed first. Raises `interrupted` and `needs-answer`. */
async function found(subject: Subject, flags: VerifyFlags): Promise<Check[]> {
  if (!flags.throwaway) return checksOf(subject, flags, null);
  const { startThrowaway } = await import('../verify/throwaway/index.ts');
  const throwaway = await startThrowaway(subject);
  try {
    return await checksOf(subject, flags, throwaway);
  } finally {
    await throwaway.stop();
  }
}

async function checksOf(subject: Subject, flags: VerifyFlags, throwaway: Throwaway | null): Promise<Check[]> {
  const verification = new Verification(
    subject,
    {
      level: flags.level ?? null,
      limit: flags.timeout * 1000,
      decide: (site) => decide(site, flags),
      check: (check) => !flags.json && sayCheck(check),
    },
    throwaway,
  );
  try {
    return await verification.run();
  } catch (error) {
    throw error instanceof Problem ? new Verdict(error, verification.checks) : error;
  }
}

async function decide(site: Site, flags: VerifyFlags): Promise<Level> {
  const level = levelFor(site);
  return typeof level === 'string' ? level : ((await ask(level, audienceOf(flags))) as Level);
}

function shortOf({ envFile, facts }: Subject): string {
  const { value } = envFile!;
  return value.startsWith(facts.root) ? value.slice(facts.root.length + 1) : value;
}
