import { renameSync } from 'node:fs';
import path from 'node:path';
import { isRefused, readBytes } from '../project/door.ts';
import { flush } from './durable.ts';
import { type Identity, type InstallProcesses, lifeOf, ownIdentity } from './processes.ts';
import { writeNew } from './write.ts';

/**
 * The note in a run's claim about the package manager that it starts: on the disk before that begins, so that a later
 * run knows of it.
 */
const names = { note: 'install.json', next: 'next.json' };

/**
 * Notes that a package manager is about to be started (null), or which process it is. Ends when that is on the disk.
 */
export async function noteInstall(own: string, leader: Identity | null): Promise<void> {
  const next = path.join(own, names.next);
  writeNew(next, Buffer.from(JSON.stringify({ leader })));
  await flush([next]);
  renameSync(next, path.join(own, names.note));
  await flush([own]);
}

/**
 * The processes that a killed run's install may still have, or null where it had started none: `own` is that run's
 * claim, `since` when its process had started. A leader that has ended is left out: its number may be another's by now.
 */
export function readInstallNote(own: string, since: string): InstallProcesses | null {
  const bytes = readBytes(path.join(own, names.note), 4096);
  if (bytes === null || isRefused(bytes)) return null;
  const processes = { mark: path.basename(own), leader: null, since };
  try {
    const { leader } = JSON.parse(bytes.toString('utf8')) as { leader: Identity | null };
    const ended = leader === null || lifeOf(leader, ownIdentity()) === 'ended';
    return { ...processes, leader: ended ? null : leader.pid };
  } catch {
    return processes;
  }
}
