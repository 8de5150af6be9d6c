import { fork } from 'node:child_process';
import path from 'node:path';
import type { Outcome } from './flue.ts';

/** The built program in a process that is started once for many command lines. */
export interface Resident {
  /** Runs it as a process of its own would be: no terminal, in that folder. One after another. */
  run(args: readonly string[], cwd: string): Promise<Outcome>;
  stop(): void;
}

/** Starts it. What it runs rejects where the process has ended. */
export function startResident(): Resident {
  const child = fork(path.join(import.meta.dirname, 'resident.cjs'), [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: '' },
  });
  const waiting = new Map<number, { resolve(outcome: Outcome): void; reject(error: Error): void }>();
  let last = 0;
  let ended = false;
  child.on('message', ({ id, ...outcome }: Outcome & { id: number }) => {
    waiting.get(id)?.resolve(outcome);
    waiting.delete(id);
  });
  child.on('exit', (code, signal) => {
    ended = true;
    for (const { reject } of waiting.values()) reject(new Error(`the program has ended: ${signal ?? code}`));
  });
  return {
    run: (args, cwd) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(new Error('the program has ended'));
        waiting.set(++last, { resolve, reject });
        child.send({ id: last, args, cwd });
      }),
    stop: () => child.kill(),
  };
}
