import { readdirSync, readFileSync } from 'node:fs';

/** The variable by which whatever a child starts is known, also where it has left the child's process group. */
export const markName = 'FLUE_VERIFY_RUN';

/**
 * Ends every process whose environment carries that mark. Linux shows the environment of one's own processes; elsewhere
 * only the process group is ended.
 */
export async function endLeftovers(mark: string): Promise<void> {
  if (process.platform !== 'linux') return;
  // What is being ended may just be starting another.
  for (let round = 0; round < 5; round += 1) {
    const left = carriersOf(`${markName}=${mark}`);
    if (left.length === 0) return;
    for (const pid of left) end(pid);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function carriersOf(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => environmentOf(name).includes(mark))
    .map(Number);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended, or is not ours.
  }
}
