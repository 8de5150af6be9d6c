import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { checksum } from './checksum.ts';

/**
 * A process, told apart from any other that has or will have its number: when it started, in which space of process
 * numbers (a container has its own), since which start of which machine. `-` where the system does not say, which is
 * everywhere but on Linux.
 */
export interface Identity {
  pid: number;
  start: string;
  space: string;
  boot: string;
  machine: string;
}

/** `unknown`: it cannot be seen from here, or the system does not tell it from another of its number. */
type Life = 'alive' | 'ended' | 'unknown';

/** This process. */
export function ownIdentity(): Identity {
  return identityOf(process.pid);
}

/** A process that is seen from here, so that it can be told from a later one of its number. */
export function identityOf(pid: number): Identity {
  return {
    pid,
    start: statusOf(pid)?.start ?? '-',
    space: ownSpace(),
    boot: readText('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? '-',
    machine: checksum(Buffer.from(readText('/etc/machine-id') || hostname())).slice(0, 8),
  };
}

/** Whether a process is at work. `own`: this one, which is asked more than once. */
export function lifeOf(other: Identity, own: Identity): Life {
  if (other.machine !== own.machine) return 'unknown';
  if (other.boot === '-' || own.boot === '-') return isRunning(other.pid) ? 'unknown' : 'ended';
  if (other.boot !== own.boot) return 'ended';
  if (other.space !== own.space) return 'unknown';
  const status = statusOf(other.pid);
  // A zombie has ended; whether anybody has asked how says nothing.
  return status && status.start === other.start && !isOver(status) ? 'alive' : 'ended';
}

/** The name of the environment variable by which a package manager and all that it starts are known. */
export const mark = 'FLUE_INSTALL';

/** What is known of an install's processes. */
export interface InstallProcesses {
  /** The value of `mark` in their environment. */
  mark: string;
  /** The leader of their process group, where it is known to be theirs. */
  leader: number | null;
  /** When the process that started them had started: none of them is older. */
  since: string;
}

/**
 * The processes of an install that are still at work: on Linux its process group, and all that have its mark in their
 * environment, wherever they have gone; elsewhere the group's leader, as long as there is a group. On Linux what drops
 * both its environment and its session is not found, elsewhere what drops its session: no program without privileges
 * can.
 */
export function running({ mark: value, leader, since }: InstallProcesses): number[] {
  const pids = pidsHere();
  if (!pids) return leader !== null && isRunning(-leader) ? [leader] : [];
  return pids.filter((pid) => {
    const status = statusOf(pid);
    if (!status || pid === process.pid || isOver(status) || Number(status.start) < Number(since)) return false;
    if (status.group === leader) return true;
    return readText(`/proc/${pid}/environ`)?.split('\0').includes(`${mark}=${value}`) ?? false;
  });
}

interface Status {
  state: string;
  group: number;
  /** In ticks since the machine was started. */
  start: string;
}

/**
 * From /proc/<pid>/stat (proc_pid_stat(5)): the name in parentheses may hold anything, so what counts is behind the
 * last one.
 */
function statusOf(pid: number): Status | null {
  const text = readText(`/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields && fields.length > 19 ? { state: fields[0]!, group: Number(fields[2]), start: fields[19]! } : null;
}

function isOver({ state }: Status): boolean {
  return state === 'Z' || state === 'X' || state === 'x';
}

/** Whether the system knows a process, or with a negative number a process group. */
function isRunning(pid: number): boolean {
  try {
    process.kill(process.platform === 'win32' ? Math.abs(pid) : pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function pidsHere(): number[] | null {
  if (process.platform !== 'linux') return null;
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return null;
  }
}

function ownSpace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '-';
  } catch {
    return '-';
  }
}

/** A file of the system's, or null where there is none: not on Linux, or closed to this user. */
function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
