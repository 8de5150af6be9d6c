import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import { must } from '../../knowledge/engines/verify/engine.ts';
import type { Job } from '../../types/verify.ts';
import { openChannel } from './channel.ts';
import { checksFor } from './checks.ts';
import { loadEnvFile, saysProduction } from './environment.ts';
import { cleanOnly, comeBack, hold, race } from './hold.ts';
import type { Loaded } from './load.ts';
import { look } from './look.ts';
import { type Opened, openEntry, type Work } from './opened.ts';
import { keepOutput } from './output.ts';
import { lookAtOwn } from './own-adapter.ts';
import { redact, redactOutput } from './secrets.ts';
import { watchSockets } from './sockets.ts';
import { watchOverProcess } from './watchdog.ts';
import { errorText } from './words.ts';

const phases: Record<Job['phase'], (opened: Opened, production: boolean) => Promise<void>> = {
  look,
  hold,
  race,
  return: comeBack,
  clean: cleanOnly,
};

/** The parent ends what is late, and says so; what has no parent any more ends so much later, in ms. */
const last = 5_000;

/**
 * One child of `verify`: does what the job on stdin says, and says what it finds on descriptor 3. It leaves ending it
 * to the parent.
 */
async function main(): Promise<void> {
  const job = JSON.parse(readFileSync(0, 'utf8')) as Job;
  // As the parent counts: its limit began with this process.
  const until = performance.timeOrigin + job.limits.all;
  watchOverProcess(job.limits.all + last);
  loadEnvFile(job.envFile);
  // The project's code may change its environment, and what was there is a secret still.
  const before = { ...process.env };
  const say = openChannel(job.key, (text) => redact(text, before, process.env ?? {}));
  const words = keepOutput((text) => redactOutput(text, before, process.env ?? {}));
  const uncaught: unknown[] = [];
  process.on('exit', () => say({ event: 'exit', words: words() }));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error) => uncaught.push(error));

  const production = saysProduction(job.envFile);
  const sockets = watchSockets(job.onlyPort);
  const checks = checksFor(say, until);
  const work: Work = { job, say, checks, sockets, uncaught };

  let loaded: Loaded | undefined;
  const opened = await openEntry(work, (one) => {
    loaded = one;
  });
  if (opened && 'own' in opened) await lookAtOwn(work, opened.own);
  else if (opened) await phases[job.phase](opened, production);
  // What happens a moment later counts too.
  await pause(20);
  if (uncaught.length > 0) await sayUncaught(work);
  await Promise.race([loaded?.close().catch(() => {}), pause(5_000, undefined, { ref: false })]);
  say({ event: 'ending' });
  setTimeout(() => say({ event: 'alive', resources: resources() }), 3_500).unref();
}

function resources(): string[] {
  return [...new Set(process.getActiveResourcesInfo?.() ?? [])];
}

function sayUncaught({ checks, uncaught, job }: Work) {
  return checks.run({ code: 'nothing-uncaught', title: 'no error ends the process', limit: job.limits.check }, () => {
    const more = uncaught.length > 1 ? ` (and ${uncaught.length - 1} more)` : '';
    must(
      false,
      `an error that nobody handles: ${errorText(uncaught[0])}${more}`,
      'handle it: a listener for `error`, a `catch`',
    );
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(70);
});
