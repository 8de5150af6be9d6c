import { Problem, type ProblemCode } from '../problem.ts';
import type { Run } from '../types/plan.ts';
import type { Memory } from './journal.ts';
import type { Restored } from './restore.ts';

/** What every install runs of a package.json's own scripts. */
const installScripts = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
  'dependencies',
];

/** What the system's errors ask for. */
const remedies: Record<string, string> = {
  ENOSPC: 'free some space on the disk',
  EDQUOT: 'free some space: your quota is used up',
  EROFS: 'make the file system writable',
  EACCES: 'make the project writable for this user',
  EPERM: 'make the project writable for this user',
};

/** Errors that say that this user may not write there. */
const closed = new Set(['EACCES', 'EPERM', 'EROFS']);

/** A refusal before anything was changed. Throws on what is a bug. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { message, code = '' } = error as NodeJS.ErrnoException;
  if (code === '') throw error;
  const kind: ProblemCode = closed.has(code) ? 'locked' : 'operation-failed';
  return new Problem(kind, `the project cannot be written to: ${message}`, `${remedyFor(code)}; nothing was changed`);
}

/** A failure after which everything is as it was. Throws on what is a bug. */
export function failureOf(error: unknown, restored: Restored, notes: readonly string[]): Problem {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!(error instanceof Problem) && code === '') throw error;
  const problem =
    error instanceof Problem ? error : new Problem('operation-failed', (error as Error).message, remedyFor(code));
  const kept = restored.kept.map((one) => `what somebody else has written there meanwhile is kept in \`${one}\``);
  const whole = new Problem(
    problem.code,
    problem.message,
    [problem.hint, ...notes, ...kept, ...restored.warnings].join('; '),
    problem.question,
  );
  whole.restored = restored.paths;
  return whole;
}

/** A failure after which not everything is as it was. `journal`: what holds the rest. */
export function restoreFailed(why: string, restored: Restored, journal: string): Problem {
  const list = restored.failed.map((one) => `\`${one.path}\` (${one.why})`).join(', ');
  const code = restored.failed.find((one) => one.code !== null)?.code ?? '';
  const message = `${why}; and not everything could be put back: ${list}`;
  const hint =
    `${remedyFor(code)}, then run \`flue-db add\` or \`flue-db remove\` again: ` +
    `it puts back the rest first, which \`${journal}\` holds as it was`;
  const problem = new Problem('restore-failed', message, hint);
  problem.restored = restored.paths;
  return problem;
}

/** A failure after which all is as it was but for what somebody has edited since the run had written it. */
export function leftBehind(error: Error, restored: Restored): Problem {
  const list = restored.left.map((one) => `\`${one}\``).join(', ');
  const edited = `${list} is not as it was: somebody has edited it after flue had, and that is kept`;
  const message = `${error.message}; and ${edited}`;
  const problem = new Problem('restore-failed', message, 'take out of it what you do not want: `git diff` shows it');
  problem.restored = restored.paths;
  return problem;
}

/** What an install may have left that nobody can put back, for a hint. */
export function leftByInstall({ files }: Memory, { ownScripts = [] }: Run): string[] {
  const text = files.find((one) => one.path === 'package.json')?.before?.text ?? '{}';
  const scripts = [...installScripts, ...ownScripts];
  const names = scripts.filter((name) => isScript(text, name)).map((name) => `\`${name}\``);
  if (names.length === 0) return [];
  return [`the install runs the project's own ${names.join(', ')}, and what that has written is not put back`];
}

function isScript(text: string, name: string): boolean {
  try {
    const { scripts } = JSON.parse(text.replace(/^\uFEFF/, '')) as { scripts?: Record<string, unknown> | null };
    return typeof scripts?.[name] === 'string';
  } catch {
    return false;
  }
}

function remedyFor(code: string): string {
  return remedies[code] ?? 'see what is in the way';
}
