import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * A persistence adapter that keeps state in a temporary SQLite file and carries that file through a runner.
 * @param {{ prepare(): Promise<void>, load(): Promise<Uint8Array | null>, save(bytes: Uint8Array): Promise<void>,
 * close(): void | Promise<void> }} carrier
 */
export function durable({ prepare, load, save, close }) {
  let inner;
  let folder;
  return {
    async migrate() {
      const { sqlite } = await import('@flue/runtime/node');
      await prepare();
      folder = mkdtempSync(path.join(tmpdir(), 'flue-stand-in-'));
      const file = path.join(folder, 'state.db');
      const saved = await load();
      if (saved) writeFileSync(file, saved);
      inner = sqlite(file);
      await inner.migrate?.();
    },
    connect() {
      if (!inner) throw new Error('connect() was called before migrate()');
      return inner.connect();
    },
    async close() {
      if (inner) {
        await inner.close?.();
        await save(readFileSync(path.join(folder, 'state.db')));
        rmSync(folder, { recursive: true, force: true });
        inner = undefined;
      }
      await close();
    },
  };
}
