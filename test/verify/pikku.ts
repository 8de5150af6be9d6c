import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openings } from '../../src/knowledge/hosts/openings.ts';
import { type Opened, openedWith, type Work } from '../../src/verify/child/opened.ts';
import { checksOfOpening } from '../../src/verify/child/opening.ts';
import { root } from '../flue.ts';
import { newest, packagesOf } from '../live/pikku-sample.ts';
import { temporaryFolder } from '../servers/process.mjs';

/**
 * A template of Pikku's with a change, on the real packages, opened as a process of `verify` does. `client`: the
 * application's module.
 */
export async function openPikku(
  { template, change, client }: { template: string; change: (text: string) => string; client?: string },
  work: Work,
): Promise<Opened> {
  const folder = temporaryFolder('pikku-entry');
  symlinkSync(packagesOf(newest), path.join(folder, 'node_modules'));
  mkdirSync(path.join(folder, 'src'));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  const text = change(readFileSync(path.join(root, 'blueprints/pikku', template), 'utf8'));
  if (client !== undefined) writeFileSync(path.join(folder, 'src/client.ts'), client);
  const file = path.join(folder, 'src/redis.ts');
  writeFileSync(file, text.replace(/'#clients\/[\w-]+'/, "'./client.ts'"));
  const module = (await import(file)) as Record<string, unknown>;
  const opening = openings.pikku!;
  const inUse = opening.open(module);
  const loaded = { default: inUse.entry, module, by: 'vitest', close: async () => {} };
  return openedWith(work, loaded, Object.assign(inUse, { from: opening.from }), {
    engine: checksOfOpening(opening),
  });
}
