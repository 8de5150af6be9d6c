import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import type { Check, Phase, RunnerLine } from '../../src/types/verify.ts';
import { adapted } from '../../src/verify/child/adapters.ts';
import { checksFor } from '../../src/verify/child/checks.ts';
import { cleanOnly, comeBack, hold } from '../../src/verify/child/hold.ts';
import { look } from '../../src/verify/child/look.ts';
import { type Opened, openedWith, type Work } from '../../src/verify/child/opened.ts';
import { type Sockets, watchSockets } from '../../src/verify/child/sockets.ts';
import { errorText } from '../../src/verify/child/words.ts';
import { newScratchId } from '../../src/verify/scratch.ts';
import { root } from '../flue.ts';
import { silenceLog, templateFolder } from '../live/template.ts';

/**
 * The phases of `verify` over a template in this process, without a project, Vite or children: what takes seconds there
 * takes tenths of one here, so that every driver and every mutant can have its turn. test/live/verify.test.ts runs the
 * program itself.
 */

/** One db entry. `client`: the text of the application's module that makes the client. */
export interface Entry {
  /** `postgres@1/pg.ts` */
  template: string;
  /** In its place: the text of a db entry of another hand. */
  text?: string;
  line?: RunnerLine;
  client?: string;
  /** The driver, where the major that is wanted is installed under another name. */
  driver?: { name: string; installed: string };
  /** Checks of which it is known, and right, that they fail here. */
  known?: readonly string[];
  /** Names of variables by which it may learn where the database is. */
  variables?: string[];
  /** Of one check, in ms. */
  limit?: number;
  /** The project's folder, where that counts: from there the place of a database file is judged. */
  root?: string;
  change?(text: string): string;
  /** Opens it, where it is no entry of Flue's. */
  open?(entry: { template: string; client?: string; change: (text: string) => string }, work: Work): Promise<Opened>;
}

const phases = {
  look: (opened) => look(opened, false),
  hold,
  return: comeBack,
  clean: cleanOnly,
} satisfies Partial<Record<Phase, (opened: Opened) => Promise<void>>>;

/** A phase that needs no second process at the same time. */
export type Alone = keyof typeof phases;

/** Errors that nobody handles, which would end a process; vitest does not hear of them while this file is at work. */
export const uncaught: unknown[] = [];

/** Hears them in the place of vitest. Gives what undoes that. */
export function hearUncaught(): () => void {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const former = events.map((event) => [event, process.listeners(event as 'uncaughtException')] as const);
  const hear = (error: unknown) => uncaught.push(error);
  for (const event of events) process.removeAllListeners(event).on(event, hear);
  return () => {
    for (const [event, listeners] of former) {
      process.removeAllListeners(event);
      for (const one of listeners) process.on(event, one);
    }
  };
}

/**
 * Runs the phases one after the other, each over an instance of its own, up to the first check that fails. Gives the
 * checks.
 */
export async function checksOf(entry: Entry, order: readonly Alone[] = ['look', 'hold', 'return']): Promise<Check[]> {
  const checks: Check[] = [];
  const scratch = newScratchId();
  for (const phase of order) {
    checks.push(...(await inPhase(entry, phase, scratch)));
    const isKept = checks.some(({ code, ok }) => code === 'keeps' && ok);
    if (failuresIn(checks, entry).length > 0 || (phase === 'hold' && !isKept)) break;
  }
  const isLeft = order.includes('hold') && !checks.some(({ code, ok }) => code === 'removed' && ok);
  if (isLeft) await inPhase({ ...entry, change: (text) => text }, 'clean', scratch);
  return checks;
}

/** What failed, but for what is known to. */
export function failuresIn(checks: readonly Check[], { known = [] }: Pick<Entry, 'known'>): Check[] {
  return checks.filter(({ ok, code }) => ok === false && !known.includes(code));
}

/** The phase in which something happens: the clients of an earlier one may still be there, and connect again. */
const current = new AsyncLocalStorage<object>();

function inPhase(entry: Entry, phase: Alone, scratch: string): Promise<Check[]> {
  return current.run({}, () => runPhase(entry, phase, scratch));
}

/** Watches connections as `verify` does, those alone that this phase begins. */
function watchOwnSockets(): Sockets {
  const phase = current.getStore();
  const { connect } = Socket.prototype;
  const sockets = watchSockets(null);
  const watched = Socket.prototype.connect;
  Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
    return Reflect.apply(current.getStore() === phase ? watched : connect, this, given);
  } as typeof connect;
  return sockets;
}

/** A folder from where a package is found as the one that is installed under another name. */
function folderWith({ name, installed }: NonNullable<Entry['driver']>): string {
  const folder = templateFolder();
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(path.join(root, 'node_modules', installed), path.join(folder, 'node_modules', name));
  return folder;
}

async function runPhase(
  { line = 'two', limit = 5_000, root: projectRoot = root, variables = [], ...entry }: Entry,
  phase: Alone,
  scratch: string,
): Promise<Check[]> {
  const checks: Check[] = [];
  const { connect } = Socket.prototype;
  const connectTls = tls.connect;
  uncaught.length = 0;
  const limits = { load: 10_000, reach: 2 * limit, check: limit, all: 60_000 };
  const job = {
    ...{
      key: '',
      phase,
      host: 'flue',
      root: projectRoot,
      entry: path.join(entry.driver ? folderWith(entry.driver) : root, 'package.json'),
      envFile: null,
      line,
      variables,
      fallbacks: [],
      adapters: [],
    },
    ...{ scratch, startsOwn: false, races: 0, shared: entry.client !== undefined, limits, onlyPort: null },
  };
  const say: Work['say'] = (message) => {
    if (message.event === 'check') checks.push(message.check);
  };
  try {
    const work: Work = { job, say, checks: checksFor(say), sockets: watchOwnSockets(), uncaught };
    const opened = await openTemplate(entry, work);
    if (opened) await phases[phase](opened);
    await new Promise((resolve) => setTimeout(resolve, 10));
    for (const error of uncaught.splice(0)) checks.push(failed('nothing-uncaught', error));
  } finally {
    Socket.prototype.connect = connect;
    tls.connect = connectTls;
  }
  return checks;
}

async function openTemplate(entry: Omit<Entry, 'line'>, work: Work): Promise<Opened | null> {
  try {
    const { template, client, change = (text: string) => text, open } = entry;
    if (open) return await open({ template, change, ...(client !== undefined && { client }) }, work);
    const loaded = { default: await imported(entry), module: {}, by: 'vitest', close: async () => {} };
    return openedWith(work, loaded, adapted().at(-1)!);
  } catch (error) {
    work.say({ event: 'check', check: failed('loads', error) });
    return null;
  }
}

async function imported({ template, client, change = (one) => one, ...entry }: Omit<Entry, 'line'>): Promise<unknown> {
  const standIn = JSON.stringify(path.join(root, 'src/verify/child/adapters.ts'));
  const text = entry.text ?? readFileSync(path.join(root, 'blueprints/database', template), 'utf8');
  const folder = templateFolder();
  const file = path.join(folder, path.basename(template));
  if (client !== undefined) writeFileSync(path.join(folder, 'client.ts'), client);
  const ours = change(text)
    .replace(/'@flue\/(?:\w+|runtime\/node)'/, standIn)
    .replace(/'#clients\/[\w-]+'/, "'./client.ts'");
  writeFileSync(file, ours);
  await silenceLog(ours);
  return (await import(file)).default;
}

function failed(code: string, error: unknown): Check {
  return { code, title: code, ok: false, severity: 'error', because: errorText(error), remedy: null, ms: 0 };
}
