import { accessSync, constants, mkdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import type { Operation, Plan, Result, Write } from '../types/plan.ts';
import { openJournal, replaceFile, type Subject } from './journal.ts';
import { runCommand } from './run.ts';

export { recover } from './journal.ts';

/** What the caller shows while the plan is done. */
export interface Progress {
  starts(operation: Operation): void;
  /** What a command prints, as it comes. */
  printed(operation: Operation, text: string): void;
  stalled(operation: Operation, seconds: number): void;
}

/**
 * Does the plan, whole or not at all: takes the lock, checks every `before`, remembers the bytes of all that may change, does
 * one operation after another, and on any failure or signal puts everything back. Raises `locked`, `project-changed`,
 * `operation-failed` and `interrupted`; after each of them the project is as it was.
 */
export async function apply(root: string, plan: Plan, progress: Progress): Promise<Result> {
  if (plan.operations.length === 0) return { plan, applied: false };
  const journal = openJournal(root, subjectsOf(plan));
  const interruption = listen();
  const folders: string[] = [];
  try {
    for (const operation of plan.operations) check(root, operation, true);
    for (const operation of plan.operations) {
      progress.starts(operation);
      if (operation.kind === 'write') write(root, operation, folders);
      else {
        const { signal } = interruption;
        const stalled = (seconds: number) => progress.stalled(operation, seconds);
        const printed = (text: string) => progress.printed(operation, text);
        await runCommand(root, operation, { running: journal.running, printed, stalled, signal });
      }
      await turn();
      if (interruption.signal.aborted)
        throw new Problem('interrupted', 'interrupted', 'nothing was changed; run it again');
    }
  } catch (error) {
    journal.putBack();
    for (const folder of folders.reverse()) rmdirSync(folder);
    throw asProblem(error);
  } finally {
    interruption.stop();
  }
  journal.forget();
  return { plan, applied: true };
}

/** Every file the plan may change, once; a package manager's claim on it counts more than ours. */
function subjectsOf(plan: Plan): Subject[] {
  const touched = new Set(plan.operations.flatMap((one) => (one.kind === 'run' ? one.touches : [])));
  const written = plan.operations.flatMap((one) =>
    one.kind === 'write' && !touched.has(one.path) ? [{ path: one.path, after: one.after }] : [],
  );
  return [...[...touched].map((path) => ({ path })), ...written];
}

/** The file must still be what the plan was made from, and writable. */
function check(root: string, operation: Operation, first: boolean): void {
  if (operation.kind !== 'write') return;
  const absolute = path.join(root, operation.path);
  const stat = statSync(absolute, { throwIfNoEntry: false });
  if (stat) accessSync(absolute, constants.W_OK);
  const now = stat ? readFileSync(absolute, 'utf8') : null;
  if (now === operation.before) return;
  const when = first ? 'since it was looked at' : 'while the packages were installed';
  throw new Problem(
    'project-changed',
    `\`${operation.path}\` has changed ${when}`,
    'nothing was changed; run it again',
  );
}

function write(root: string, operation: Write, folders: string[]): void {
  check(root, operation, false);
  const absolute = path.join(root, operation.path);
  if (operation.after === null) {
    rmSync(absolute);
    for (const folder of operation.folders ?? []) if (!removeIfEmpty(path.join(root, folder))) break;
    return;
  }
  makeFolder(path.dirname(absolute), folders);
  const mode = statSync(absolute, { throwIfNoEntry: false })?.mode ?? 0o666 & ~process.umask();
  replaceFile(absolute, operation.after, mode);
}

/** Whether the folder was empty, and is gone. */
function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

/** Makes what is missing of a folder, one by one, so that each can be taken back. */
function makeFolder(folder: string, made: string[]): void {
  if (statSync(folder, { throwIfNoEntry: false })) return;
  makeFolder(path.dirname(folder), made);
  mkdirSync(folder);
  made.push(folder);
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

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  if (!code) throw error;
  return new Problem('operation-failed', message, 'make the project writable and see that the disk is not full');
}
