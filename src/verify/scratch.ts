import { hostname } from 'node:os';
import type { Scratch } from '../knowledge/engines/verify/engine.ts';

/** What another machine's run leaves is anybody's after ten minutes. */
const longest = 10 * 60_000;

/** The id of a new run: when it began, on which machine, in which process. Gives `mc3k2j1a_3f9a21_1a2b`. */
export function newScratchId(): string {
  return `${Date.now().toString(36)}_${machineHash()}_${process.pid.toString(16)}`;
}

/** The names of one run. */
export function scratchFor(id: string): Scratch {
  return {
    id,
    table: `verify_${id}`,
    key: (name) => `verify:${id}:${name}`,
    isLeft: (other) => other !== id && isLeft(other),
  };
}

/** Whether the run has ended: its process is gone, or it began on another machine long ago. */
function isLeft(id: string): boolean {
  const match = /^([0-9a-z]{8,9})_([0-9a-f]{6})_([0-9a-f]+)$/.exec(id);
  if (!match) return false;
  const [, began, machine, pid] = match as unknown as [string, string, string, string];
  const age = Date.now() - Number.parseInt(began, 36);
  if (machine === machineHash() && !isAlive(Number.parseInt(pid, 16))) return true;
  return age > longest;
}

function isAlive(pid: number): boolean {
  if (pid <= 1) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** FNV-1a of the machine's name. */
function machineHash(): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(hostname())) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return (hash >>> 8).toString(16).padStart(6, '0');
}
