import path from 'node:path';
import { literally } from '../pattern.ts';
import { Problem } from '../problem.ts';
import { isRefused, kindOf, readBytes } from '../project/door.ts';
import { isOnPath } from '../project/programs.ts';
import type { Run } from '../types/plan.ts';
import { endAll, launch, waitFor } from './launch.ts';
import { Output } from './output.ts';
import type { InstallProcesses } from './processes.ts';

const stallNotice = 30_000;

/** What a run is told, and tells while it goes on. */
interface Watch {
  /** By what its processes are known; their leader is put in here when there is one. */
  processes: InstallProcesses;
  /** A program is about to be started; `pid`: it has been, and does nothing before this has ended. */
  starts(pid: number | null): Promise<void>;
  /** What it prints, as it comes. */
  printed(text: string): void;
  /** Nothing was printed for half a minute. */
  stalled(seconds: number): void;
  signal: AbortSignal;
  /** In seconds. */
  limit: number;
  /** Paths that the plan itself writes. */
  written: ReadonlySet<string>;
}

/**
 * Runs a package manager to its end. It has worked if it exits 0, unless it has plainly done nothing: there is a
 * lockfile, and of the packages it was to bring not one is named there or installed. It has worked, too, if it
 * fails with an error that is harmless and all is there. Returns what to know of one of which nothing shows that it
 * has worked, as it leaves no lockfile. Raises `operation-failed` with the first and last lines
 * it printed, also when it takes too long. On an abort it is ended, and nothing is raised. Whatever it has left at work
 * is for `endAll`.
 */
export async function runCommand(root: string, run: Run, watch: Watch): Promise<string[]> {
  const [file] = run.command;
  if (!isOnPath(file)) throw notInstalled(file);
  await watch.starts(null);
  const output = new Output(run.harmlessErrors ?? []);
  const clock = startClock(watch);
  const program = await launch(path.join(root, run.cwd), run.command, watch.processes, (piece) => {
    output.add(piece);
    watch.printed(piece);
    clock.heard();
  });
  try {
    if (program.pid === null) throw notInstalled(file);
    watch.processes.leader = program.pid;
    await watch.starts(program.pid);
    program.go();
    const code = await Promise.race([program.exit, clock.over]);
    if (code === 'over') await endAll(watch.processes);
    // A program may end a moment before what it has started.
    else await waitFor(watch.processes, 2000);
    if (watch.signal.aborted) return [];
    if (code === 'over') throw failed(tooLong(run, watch.limit), output);
    const found = lookFor(root, run, watch.written);
    const problem = verdict(run, found, { code, output });
    if (problem) throw failed(problem, output);
    return found.some || found.locked ? [] : [unproven(run)];
  } finally {
    clock.stop();
    program.letGo();
  }
}

interface Complaint {
  message: string;
  hint: string;
}

function tooLong({ command }: Run, limit: number): Complaint {
  const hint = 'see what it waits for; `FLUE_INSTALL_TIMEOUT` sets the limit, as `30m`';
  return { message: `\`${command.join(' ')}\` had not ended after ${limit} s`, hint };
}

/** What shows that an install has worked. */
interface Findings {
  /** Whether there is a lockfile. */
  locked: boolean;
  /** Whether one of the packages that it was to bring, or each of them, is named there or installed. */
  some: boolean;
  all: boolean;
}

function lookFor(root: string, { brings, touches }: Run, written: ReadonlySet<string>): Findings {
  const lockfiles = touches.filter((one) => !written.has(one)).flatMap((one) => textOf(path.join(root, one)));
  const isThere = (name: string) => lockfiles.some((text) => names(text, name)) || isInstalled(root, name);
  const there = brings.filter(isThere);
  return {
    locked: lockfiles.length > 0,
    some: there.length > 0 || brings.length === 0,
    all: there.length === brings.length,
  };
}

/** null: it has worked. */
function verdict(
  { command, brings, harmlessErrors }: Run,
  { locked, some, all }: Findings,
  { code, output }: { code: number | null; output: Output },
): Complaint | null {
  const hint = 'fix what it says, or pass `--no-install` and install yourself';
  const said = `\`${command.join(' ')}\``;
  if (code === 0)
    return some || !locked ? null : { message: `${said} ended well, but ${brings.join(', ')} is not there`, hint };
  return all && harmlessErrors?.some((one) => output.has(one)) ? null : { message: `${said} failed`, hint };
}

function unproven({ command, brings }: Run): string {
  const where = 'there is no lockfile, and `node_modules` has it not';
  return `\`${command.join(' ')}\` ended well, but nothing here shows that ${brings[0]} is installed: ${where}`;
}

function textOf(file: string): string[] {
  const bytes = readBytes(file);
  return bytes === null || isRefused(bytes) ? [] : [bytes.toString('latin1')];
}

/** Whether a lockfile has a package: its name as a word, or, in a binary one, anywhere, if it is no short one. */
function names(text: string, name: string): boolean {
  return (
    (name.length > 8 && text.includes(name)) ||
    new RegExp(`(?:^|[\\s"'/,:])${literally(name)}["'@:\\s,]`, 'm').test(text)
  );
}

/** In a `node_modules` from the package upward, or named in the map of Yarn's PnP. */
function isInstalled(root: string, name: string): boolean {
  for (let folder = root; ; folder = path.dirname(folder)) {
    if (kindOf(path.join(folder, 'node_modules', name, 'package.json')) === 'file') return true;
    const [map] = textOf(path.join(folder, '.pnp.cjs'));
    if (map !== undefined) return map.includes(`"${name}"`);
    if (path.dirname(folder) === folder) return false;
  }
}

/** Tells when nothing was heard for a while, and when time is over or the run is to stop. */
function startClock({ limit, signal, stalled }: Watch): { heard(): void; over: Promise<'over'>; stop(): void } {
  let silentFor = 0;
  const ticker = setInterval(() => {
    silentFor += stallNotice / 1000;
    stalled(silentFor);
  }, stallNotice);
  // A timer takes no more than 24 days.
  const end = Date.now() + limit * 1000;
  let timer: NodeJS.Timeout;
  let stop = () => {};
  const over = new Promise<'over'>((resolve) => {
    const wait = () => {
      const left = end - Date.now();
      timer = setTimeout(left > 0 ? wait : () => resolve('over'), Math.min(Math.max(left, 0), 2 ** 30));
    };
    const abort = () => resolve('over');
    wait();
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    stop = () => {
      clearInterval(ticker);
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
  });
  const heard = () => {
    silentFor = 0;
    ticker.refresh();
  };
  return { heard, over, stop };
}

function notInstalled(file: string): Problem {
  const hint = `install ${file}, or name another with \`--package-manager\`, or pass \`--no-install\``;
  return new Problem('operation-failed', `\`${file}\` is not installed`, hint);
}

function failed({ message, hint }: Complaint, output: Output): Problem {
  return new Problem('operation-failed', message + output.lines(), hint);
}
