import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { type InstallProcesses, mark, running } from './processes.ts';

/** A program that has been started, and that does nothing before `go`. */
interface Launched {
  /** null: it could not be started. */
  pid: number | null;
  go(): void;
  /** Its exit code, when it has ended and its output was read; null where a signal ended it, or it is not there. */
  exit: Promise<number | null>;
  /** Takes no more of its output: what goes on without it may hold that open. */
  letGo(): void;
}

/** Waits for a line on descriptor 3, and ends without one: who would send it is gone. Then it becomes the program. */
const gate = 'IFS= read -r go <&3 && exec 3<&- && exec "$@"';

/**
 * Starts a program in a process group of its own, with stdin closed and the mark of its install in its environment;
 * `hear` gets what it prints. Where there is a shell it waits behind that for `go`, so that a run that is killed in
 * between has started nothing.
 */
export async function launch(
  cwd: string,
  command: readonly [string, ...string[]],
  processes: InstallProcesses,
  hear: (piece: string) => void,
): Promise<Launched> {
  const { execa } = await import('execa');
  const posix = process.platform !== 'win32';
  const [file, ...args] = posix ? (['/bin/sh', '-c', gate, 'flue', ...command] as const) : command;
  const child = execa(file, args, {
    cwd,
    env: { [mark]: processes.mark },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    all: true,
    buffer: false,
    reject: false,
    detached: posix,
    cleanup: false,
    windowsHide: true,
  });
  let heard = 0;
  child.all?.on('data', (data) => {
    heard += 1;
    hear(String(data));
  });
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const read = child.then(({ exitCode }) => exitCode ?? null);
  /** What went on without it may hold the output open: then what it has printed by then is all. */
  const readLater = async (code: number | null) => {
    await sleep(500, undefined, { ref: false });
    // On a busy machine the time is over before anything of it was read.
    for (let before = -1, turns = 0; before !== heard && turns < 100; turns += 1) {
      before = heard;
      await turn();
    }
    return code;
  };
  return {
    pid: child.pid ?? null,
    go: () => {
      const stream = child.stdio[3] as unknown as NodeJS.WritableStream;
      stream.on('error', () => {});
      stream.end('\n');
    },
    exit: Promise.race([read, gone.then((code) => Promise.race([read, readLater(code)]))]),
    letGo: () => {
      for (const stream of [child.stdout, child.stderr]) stream?.destroy();
    },
  };
}

/** Waits until no process of an install is at work any more, at most so long. Returns the processes that are. */
export async function waitFor(processes: InstallProcesses, ms: number): Promise<number[]> {
  for (const until = Date.now() + ms; ; ) {
    const left = running(processes);
    if (left.length === 0 || Date.now() >= until) return left;
    await sleep(25);
  }
}

/**
 * Ends an install: asks every process of it to end and, three seconds later, makes it. Returns those that even then are
 * at work: the system has not let go of them.
 */
export async function endAll(processes: InstallProcesses): Promise<number[]> {
  sendAll(processes, 'SIGTERM');
  let left = await waitFor(processes, 3000);
  // Asked once, but made to end until there is nobody left to start another.
  for (const until = Date.now() + 5000; left.length > 0 && Date.now() < until; ) {
    sendAll(processes, 'SIGKILL');
    left = await waitFor(processes, 50);
  }
  return running(processes);
}

function sendAll(processes: InstallProcesses, signal: NodeJS.Signals): void {
  const left = running(processes);
  if (left.length === 0) return;
  for (const pid of processes.leader === null ? left : [-processes.leader, ...left]) send(pid, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? Math.abs(pid) : pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
