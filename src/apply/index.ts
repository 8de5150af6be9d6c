import path from 'node:path';
import { Problem } from '../problem.ts';
import type { Operation, Plan, Result, Run } from '../types/plan.ts';
import { failureOf, leftBehind, leftByInstall, problemOf, restoreFailed } from './failure.ts';
import { noteInstall } from './install-note.ts';
import { folderName, journalName } from './place.ts';
import { type InstallProcesses, identityOf } from './processes.ts';
import { nothingRestored } from './restore.ts';
import { timeLimit } from './time-limit.ts';
import { begin, commit, rollBack, type Transaction, write } from './transaction.ts';

export { type Recovered, recover } from './recover.ts';

/** What the caller shows while the plan is done. */
interface Progress {
  starts(operation: Operation): void;
  /** What a command prints, as it comes. */
  printed(operation: Operation, text: string): void;
  stalled(operation: Operation, seconds: number): void;
}

/** What one run has in hand. */
interface Hand {
  transaction: Transaction;
  progress: Progress;
  signal: AbortSignal;
  limit: number;
  /** Its install and the processes of that, once one was begun. */
  install: { run: Run; processes: InstallProcesses } | null;
  /** What its checks could not look at. */
  warnings: string[];
}

/**
 * Does the plan, whole or not at all: takes the lock of everything that it changes, puts on the disk what all of it was
 * like, does one operation after another, and on any failure or signal puts everything back. Raises `bad-request` for a
 * `FLUE_INSTALL_TIMEOUT` that is no length of time; `locked`, `project-changed` and `cannot-parse`, before anything was
 * changed; `operation-failed` and `interrupted`, after which everything is as it was; and `restore-failed`, which says
 * what is not. A problem names what was put back.
 */
export async function apply(root: string, plan: Plan, progress: Progress): Promise<Result> {
  if (plan.operations.length === 0) return { plan, applied: false, warnings: [] };
  const limit = plan.operations.some(({ kind }) => kind === 'run') ? timeLimit() : 0;
  const interruption = listen();
  try {
    // A run without an install takes less than a second.
    const transaction = await begin(root, plan, Math.ceil(limit) + 60).catch((error) => {
      throw problemOf(error);
    });
    const hand: Hand = { transaction, progress, signal: interruption.signal, limit, install: null, warnings: [] };
    try {
      for (const operation of plan.operations) await runOperation(hand, operation, plan);
      return { plan, applied: true, warnings: [...hand.warnings, ...(await commit(transaction))] };
    } catch (error) {
      throw await undone(hand, error);
    }
  } finally {
    interruption.stop();
  }
}

async function runOperation(hand: Hand, operation: Operation, plan: Plan): Promise<void> {
  hand.progress.starts(operation);
  if (operation.kind === 'write') write(hand.transaction, operation);
  else await install(hand, operation, plan);
  await turn();
  if (hand.signal.aborted) throw new Problem('interrupted', 'interrupted', 'run it again');
}

async function install(hand: Hand, run: Run, { operations }: Plan): Promise<void> {
  const { memory, own } = hand.transaction;
  const processes: InstallProcesses = { mark: memory.run, leader: null, since: memory.since };
  hand.install = { run, processes };
  const { runCommand } = await import('./run.ts');
  const unproven = await runCommand(memory.project, run, {
    processes,
    starts: (pid) => noteInstall(own.own, pid === null ? null : identityOf(pid)),
    printed: (text) => hand.progress.printed(run, text),
    stalled: (seconds) => hand.progress.stalled(run, seconds),
    signal: hand.signal,
    limit: hand.limit,
    written: new Set(operations.flatMap((one) => (one.kind === 'write' ? [one.path] : []))),
  });
  hand.warnings.push(...unproven);
  if (run.checks && !hand.signal.aborted) {
    const { checkInstalled } = await import('./checks.ts');
    hand.warnings.push(...checkInstalled(memory.project, run.checks));
  }
}

/** Puts everything back, when nobody is at work on it any more. */
async function undone({ transaction, install }: Hand, error: unknown): Promise<unknown> {
  const { project } = transaction.memory;
  const journal = path.join(project, folderName, journalName);
  const why = (error as Error).message;
  const left = install ? await (await import('./launch.ts')).endAll(install.processes) : [];
  if (left.length > 0) {
    const at = `process ${left.join(', ')} of the install cannot be ended, and may write there`;
    const failed = transaction.memory.files.map((one) => ({ path: one.path, why: at, code: null }));
    return restoreFailed(why, { ...nothingRestored(), failed }, journal);
  }
  const restored = await rollBack(transaction);
  if (restored.failed.length > 0) return restoreFailed(why, restored, journal);
  if (restored.left.length > 0) return leftBehind(error as Error, restored);
  return failureOf(error, restored, install ? leftByInstall(transaction.memory, install.run) : []);
}

/** Lets signals that arrived during synchronous work be seen. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function listen(): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, abort);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of signals) process.off(name, abort);
    },
  };
}
