import { setTimeout as pause } from 'node:timers/promises';
import { type Description, must, NotChecked, rejection } from '../../knowledge/engines/verify/engine.ts';
import type { Check, Site } from '../../types/verify.ts';
import { lookAtAdapters, lookAtAddresses } from './alternatives.ts';
import { lookBeforeStart } from './before-start.ts';
import { closeQuietly, migrate, type Opened, start } from './opened.ts';
import { type Endpoint, isLocal, shownEndpoint } from './sockets.ts';
import { errorText } from './words.ts';

/** Reaches the server, asks whether it is fit, and looks at how the runner treats its connections. Writes nothing. */
export async function look(opened: Opened, production: boolean): Promise<void> {
  await lookBeforeStart(opened);
  await lookAtAdapters(opened);
  if (opened.engine.name === 'sqlite') await lookAtFile(opened, production);
  else await lookAtServer(opened, production);
}

async function lookAtFile(opened: Opened, production: boolean): Promise<void> {
  await askFitness(opened);
  const description = await opened.engine.describe(opened.context);
  opened.say({
    event: 'site',
    site: siteOf(opened, description, { production, unwritable: 'Flue brings its own runner' }),
  });
}

async function lookAtServer(opened: Opened, production: boolean): Promise<void> {
  const { engine, context, checks } = opened;
  const { answers, starts } = await start(opened);
  await lookAtAddresses(opened);
  if (!answers) return closeQuietly(opened);
  const asked = (await askFitness(opened)) ?? (starts ? null : 'it does not start');
  if (checks.isStuck()) return;
  const described = checks.bounded(engine.describe(context), opened.job.limits.check);
  const description = await described.catch((error): Description => {
    return { server: `${engine.name} (${errorText(error)})`, database: null, holds: { flue: true, others: true } };
  });
  opened.say({ event: 'site', site: siteOf(opened, description, { production, unwritable: asked }) });
  if (!starts) return closeQuietly(opened);
  for (const probe of [countClients, loseConnections, closeAfterPending, startAgain]) {
    if (checks.isStuck()) return;
    // What a client that is gone cannot do any more is no fault of its own.
    if ((await probe(opened)) === 'unusable') break;
  }
  await closeQuietly(opened);
}

/** Gives why nothing can be written, or null. */
async function askFitness({ engine, context, check, checks }: Opened): Promise<string | null> {
  let unwritable: string | null = null;
  for (const { code, title, severity, blocks, run } of engine.fitness) {
    if (checks.isStuck()) return 'the server stopped answering';
    const done: Check = await check({ code, title, ...(severity && { severity }) }, () => run(context));
    if (blocks && done.ok === false) unwritable ??= done.because;
  }
  return unwritable;
}

function siteOf(
  { engine, loaded, sockets, job }: Opened,
  { server, database, file, holds }: Description,
  { production, unwritable }: Pick<Site, 'production' | 'unwritable'>,
): Site {
  const endpoints = file ? [] : endpointsOf(sockets.endpoints(), job.variables);
  const [first] = endpoints;
  const address = file ?? (first ? `${shownEndpoint(first)}${database ? `/${database}` : ''}` : null);
  return {
    engine: engine.name,
    loadedBy: loaded.by,
    server,
    address,
    local: file !== undefined || (endpoints.length > 0 && endpoints.every(isLocal)),
    production,
    holds,
    unwritable,
    sharedFile: file !== undefined && engine.scratch.race !== undefined,
  };
}

/** Where it connected to; where that cannot be seen, where the variables say. */
function endpointsOf(seen: Endpoint[], variables: readonly string[]): Endpoint[] {
  if (seen.length > 0) return seen;
  return variables.flatMap((name) => {
    const value = process.env[name];
    if (!value || !URL.canParse(value)) return [];
    const { hostname, port } = new URL(value);
    return hostname ? [{ host: hostname, port: Number(port) || 0 }] : [];
  });
}

/** Finding: a client or a pool for every call. */
async function countClients({ check, engine, one, sockets }: Opened): Promise<void> {
  const { once, together } = engine;
  if (!once) return;
  const remedy = 'make one client or pool on first use, and keep it';
  const openedBy = async (run: () => Promise<unknown>) => {
    const before = sockets.count();
    for (let i = 0; i < calls; i += 1) await run();
    return sockets.count() - before;
  };
  await check({ code: 'one-client', title: 'one client for all calls', severity: 'warning' }, async () => {
    await once(one.runner);
    if (!sockets.isOpen() && sockets.count() === 0) throw new NotChecked('what this driver connects cannot be seen');
    const opened = await openedBy(() => once(one.runner));
    must(opened < calls / 2, `${calls} calls opened ${opened} connections`, remedy);
    // Whether they work at all is asked by the contract; one that fails may cost its connection.
    if (!together || (await rejection(together.run(one.runner)))) return;
    const inGroups = await openedBy(() => together.run(one.runner));
    must(inGroups < calls / 2, `${calls} ${together.title} opened ${inGroups} connections`, remedy);
  });
}

/** How many are counted, one after the other. */
const calls = 12;

/** A server that restarts, a proxy that ends idle connections, a network that is gone for a moment. */
async function loseConnections({ check, engine, one, sockets, uncaught }: Opened): Promise<'unusable' | undefined> {
  // A file has none.
  if (!engine.once && sockets.count() === 0) return undefined;
  const known = {
    code: 'survives-lost-connection',
    title: 'survives the loss of its connections',
    severity: 'warning',
  } as const;
  const survived = await check(known, async () => {
    const before = uncaught.length;
    if (sockets.cut() === 0) throw new NotChecked('no connection of this driver can be seen');
    const start = performance.now();
    await pause(100);
    // Nothing comes back to a process that has ended.
    const hasEnded = () => uncaught.length > before;
    const back = await comesBack(() => engine.ping(one.runner), { limit: 10_000, hasEnded });
    const took = Math.round(performance.now() - start);
    const died = uncaught.splice(before);
    const remedy =
      'an `error` listener on the client, or on the pool and on each of its clients: without one Node ends the process';
    must(died.length === 0, `the process would end: ${errorText(died[0])}`, remedy);
    must(back, 'nothing works any more ten seconds later', 'let the client reconnect, or make a new one', 'error');
    // A runner may refuse to write for a moment, as long as it cannot know what became of what it had sent.
    await pause(settling);
    return `back after ${took} ms`;
  });
  if (survived.ok !== false) return undefined;
  const isUsable = await comesBack(() => engine.ping(one.runner), { limit: 1_000, hasEnded: () => false });
  return isUsable ? undefined : 'unusable';
}

/** How long a runner gets to itself after a loss, in ms. */
const settling = 150;

async function comesBack(
  ask: () => Promise<unknown>,
  { limit, hasEnded }: { limit: number; hasEnded(): boolean },
): Promise<boolean> {
  const end = Date.now() + limit;
  const over = untilOver(end, hasEnded);
  while (Date.now() < end && !hasEnded()) {
    const answered = await Promise.race([
      ask().then(
        () => true,
        () => false,
      ),
      over,
    ]);
    if (answered) return true;
    await pause(100);
  }
  return false;
}

async function untilOver(end: number, hasEnded: () => boolean): Promise<false> {
  while (Date.now() < end && !hasEnded()) await pause(50, undefined, { ref: false });
  return false;
}

/** Shutdown with work under way. */
async function closeAfterPending({ check, engine, context, entry, one, job }: Opened): Promise<void> {
  const known = { code: 'close-waits', title: 'close() waits for what is pending', severity: 'warning' } as const;
  await check({ ...known, limit: job.limits.reach }, async () => {
    const asked = engine.pending(context).map((one) =>
      one.then(
        () => null,
        (error: unknown) => ({ error }),
      ),
    );
    await pause(engine.pendingFor);
    if (entry.close) await entry.close();
    else await (one.runner as { close(): unknown }).close();
    const unanswered = { error: new Error('never answered') };
    const answers = asked.map((one) => Promise.race([one, pause(answering, unanswered, { ref: false })]));
    const cut = (await Promise.all(answers)).filter((outcome) => outcome !== null);
    const remedy = 'wait in close() for what is pending, for some seconds at most';
    must(
      cut.length === 0,
      `${cut.length} of ${asked.length} questions were cut off: ${errorText(cut[0]?.error)}`,
      remedy,
    );
  });
}

/** How long connections are refused at most, in ms. */
const refusedFor = 2_000;

/** How long an answer may take once close() has ended, in ms. */
const answering = 3_000;

/**
 * What Flue's development server does: the same module again, and a first attempt that fails must not be the last one.
 */
async function startAgain(opened: Opened): Promise<void> {
  const { check, engine, one, sockets, job, uncaught } = opened;
  const known = {
    code: 'starts-again',
    title: 'starts again after close(), and after a start that failed',
    severity: 'warning',
  } as const;
  await check({ ...known, limit: job.limits.reach }, async () => {
    const remedy = 'forget the client in close() and where connecting fails, and make a new one on next use';
    const before = uncaught.length;
    const again = () => migrate(opened).then(() => engine.ping(one.runner));
    // A client that keeps what it is asked until it has connected again is right, too: then it has to be let.
    const refused = () => Promise.race([rejection(again()), pause(refusedFor, null, { ref: false })]);
    if (engine.retries) await sockets.refusing(refused);
    const failed = await rejection(again());
    const died = uncaught.splice(before);
    must(
      died.length === 0,
      `the process would end: ${errorText(died[0])}`,
      'handle the errors of the client: a listener, a `catch`',
    );
    must(!failed, errorText(failed?.error), remedy);
  });
}
