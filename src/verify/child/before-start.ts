import { setTimeout as pause } from 'node:timers/promises';
import { must, NotChecked } from '../../knowledge/engines/verify/engine.ts';
import { isInstalled } from './load.ts';
import type { Opened } from './opened.ts';
import { shownEndpoint } from './sockets.ts';

/** What is said of the db entry before it is started. */
export async function lookBeforeStart({ check, one, engine, sockets, job }: Opened): Promise<void> {
  await importConnectsNothing({ check, sockets, job });
  const { functions } = engine;
  if (functions === null) return;
  await check({ code: 'runner-complete', title: 'its runner has every function' }, () => {
    const runner = one.runner as Record<string, unknown> | null;
    must(
      typeof runner === 'object' && runner !== null,
      'the adapter is given no runner',
      `give it { ${functions.join(', ')} }`,
    );
    const missing = functions.filter((name) => typeof runner[name] !== 'function');
    must(missing.length === 0, `it lacks ${missing.join(', ')}`, 'write what is missing: Flue calls it');
    return one.from;
  });
  // Only where Flue itself is installed does it say something that the adapter is not.
  const lacking = isInstalled(job.entry, '@flue/runtime') && !isInstalled(job.entry, one.from);
  if (lacking && one.from !== '@flue/runtime/node') {
    await check({ code: 'adapter-installed', title: 'the adapter is installed', severity: 'warning' }, () => {
      must(false, `\`${one.from}\` is not installed: no build and no server can be made`, 'install the project');
    });
  }
}

/** Finding: importing it has effects. */
export async function importConnectsNothing({
  check,
  sockets,
  job,
}: Pick<Opened, 'check' | 'sockets' | 'job'>): Promise<void> {
  const title = 'importing it connects to nothing';
  await check({ code: 'import-connects-nothing', title, severity: 'warning' }, async () => {
    await pause(50);
    const endpoints = sockets.endpoints().map(shownEndpoint);
    if (endpoints.length > 0 && job.shared)
      throw new NotChecked('its client belongs to another module, which connects at once');
    const remedy =
      'make the client on first use: a build, a type check or a test that imports it should not need the server';
    must(endpoints.length === 0, `importing it connects to ${endpoints.join(', ')}`, remedy);
  });
}
