import { accessSync, constants, existsSync, realpathSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Disk, Machine } from '../../knowledge/engines/verify/engine.ts';
import type { Sockets } from './sockets.ts';

/** Magic numbers of Linux's statfs(2). */
const kinds: Record<number, Disk['kind']> = {
  16914836: 'tmpfs',
  2240043254: 'tmpfs',
  26985: 'nfs',
  4283649346: 'nfs',
  4266872130: 'nfs',
  2035054128: 'overlay',
};

/** Folders that builds and installs empty, by name. */
const emptied = new Set(['dist', 'build', 'out', 'node_modules', '.next', '.vite', '.output', '.turbo', '.cache']);

/** This machine, and the project's packages, seen from the db entry. */
export function machineOf(entry: string, root: string, sockets: Sockets): Machine {
  const require = createRequire(entry);
  return {
    disk: (file) => diskOf(path.resolve(root, file), root),
    roundTrips: (run) => sockets.roundTrips(run),
    sends: async (run) => {
      // What else the process sends meanwhile does not do so each time.
      for (let i = 0; i < 3; i += 1) {
        const before = sockets.count();
        const trips = await sockets.roundTrips(run);
        if (trips === null && sockets.count() === before) return false;
      }
      return true;
    },
    require: (name) => {
      try {
        return require(name);
      } catch {
        return null;
      }
    },
  };
}

function diskOf(absolute: string, root: string): Disk {
  let existing = absolute;
  while (!existsSync(existing) && path.dirname(existing) !== existing) existing = path.dirname(existing);
  const real = path.join(realpathSync(existing), path.relative(existing, absolute));
  const own = path.relative(realpathSync(root), real);
  const inside = !own.startsWith('..') && !path.isAbsolute(own);
  const folders = (inside ? own : real).split(path.sep).slice(0, -1);
  return {
    absolute: real,
    kind: kinds[fileSystemType(existing)] ?? null,
    deletedBy:
      (inside ? folders : folders.filter((name) => name === 'node_modules')).find((name) => emptied.has(name)) ?? null,
    temporary: !inside && /^(?:\/private)?\/(?:var\/)?tmp\//.test(real),
    exists: existsSync(absolute),
    writable: isWritable(existing) && (existing !== absolute || isWritable(path.dirname(absolute))),
  };
}

function fileSystemType(existing: string): number {
  try {
    const kind = statfsSync(existing).type;
    return typeof kind === 'number' && kind < 0 ? kind >>> 0 : Number(kind);
  } catch {
    return 0;
  }
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
