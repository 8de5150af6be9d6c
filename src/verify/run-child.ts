import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { home } from '../blueprints/shelf.ts';
import type { Check, Job, Message, Site } from '../types/verify.ts';
import { endLeftovers, markName } from './leftovers.ts';
import { messagesIn } from './messages.ts';

/** How a child is started. */
export interface Starting {
  /** The program that runs it, and its flags. */
  command: [string, ...string[]];
  env: NodeJS.ProcessEnv;
}

/** What became of a child. */
export interface Ended {
  checks: Check[];
  site: Site | null;
  /** Whether it said all that it had to say. */
  complete: boolean;
  /** Whether it then ended by itself, and what kept it alive if not. */
  alive: string[] | null;
}

/** What is heard of a child while it runs. */
export interface Hearing {
  check(check: Check): void;
  site(site: Site): void;
  begins(title: string): void;
  signal: AbortSignal;
}

/** How long a process may take to begin, and to say the next thing between two checks, in ms. */
const silence = 15_000;
/** What a check gets beyond its own limit, which the child keeps itself. */
const grace = 2_000;
/**
 * How long it may live when all is said, in ms: where it is seen whether it ends by itself, and where that is no
 * question.
 */
const farewells = { seen: 4_000, unseen: 100 };

/**
 * Runs the project's db entry in a process group of its own and hears what it says on descriptor 3; what it prints is
 * read and forgotten. It ends with the child and its whole group gone, whatever the project's code does. Never rejects.
 */
export async function runChild(job: Job, { command, env }: Starting, hearing: Hearing): Promise<Ended> {
  const [program, ...flags] = command;
  // Not the key of the job: this one can be read by the project's code.
  const mark = randomUUID();
  const child = spawn(program, [...flags, path.join(home, 'dist/verify/child.mjs')], {
    cwd: job.root,
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...env, [markName]: mark },
    windowsHide: true,
  });
  const kill = () => killGroup(child);
  hearing.signal.addEventListener('abort', kill);
  try {
    return await hear(child, job, hearing);
  } finally {
    hearing.signal.removeEventListener('abort', kill);
    kill();
    await endLeftovers(mark);
  }
}

async function hear(child: ChildProcess, job: Job, hearing: Hearing): Promise<Ended> {
  const farewell = job.phase === 'look' && !job.shared ? farewells.seen : farewells.unseen;
  let late = false;
  const clock = new Clock(() => {
    late = true;
    killGroup(child);
  });
  const account = new Account(hearing, clock, farewell);
  const { ended } = account;
  feed(child, job);
  const channel = child.stdio[3] as Readable;
  messagesIn(channel, job.key, (message) => account.take(message));
  // Whoever closes the channel has nothing more to say.
  channel.once('close', () => clock.set(ended.complete ? farewell : 500));
  clock.set(silence);
  clock.last(job.limits.all + grace);
  const how = await exitOf(child);
  clock.stop();
  if (!ended.complete) account.say(unfinished(account.current, { late, words: account.words, ...how }));
  else if (late) ended.alive ??= [];
  else ended.alive = null;
  return ended;
}

/** A check that a child has started; `limit` in ms. */
type Started = Extract<Message, { event: 'start' }>;

/** What a child has said so far. Each message gives it time for the next. */
class Account {
  readonly ended: Ended = { checks: [], site: null, complete: false, alive: null };
  /** The check that it is at, if it is at one. */
  current: Started | null = null;
  /** The last that it printed. */
  words = '';
  private readonly hearing: Hearing;
  private readonly clock: Clock;
  private readonly farewell: number;

  constructor(hearing: Hearing, clock: Clock, farewell: number) {
    this.hearing = hearing;
    this.clock = clock;
    this.farewell = farewell;
  }

  say(check: Check): void {
    this.ended.checks.push(check);
    this.hearing.check(check);
  }

  take(message: Message): void {
    switch (message.event) {
      case 'start':
        this.current = message;
        this.clock.set(message.limit + grace);
        this.hearing.begins(message.title);
        break;
      case 'check':
        this.between();
        this.say(message.check);
        break;
      case 'site':
        this.between();
        this.ended.site = message.site;
        this.hearing.site(message.site);
        break;
      case 'ending':
        this.ended.complete = true;
        // Whether it ends by itself is a question only where it has come to a database.
        this.clock.set(this.ended.site ? this.farewell : farewells.unseen);
        break;
      case 'alive':
        this.ended.alive = message.resources;
        break;
      case 'exit':
        this.words = message.words;
    }
  }

  private between(): void {
    this.current = null;
    this.clock.set(silence);
  }
}

/** Hands over the job, and drains what the child prints. */
function feed(child: ChildProcess, job: Job): void {
  for (const stream of [child.stdin, child.stdout, child.stderr, child.stdio[3] as Duplex])
    stream?.on('error', () => {});
  child.stdin?.end(JSON.stringify(job));
  child.stdout?.resume();
  child.stderr?.resume();
}

interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  error?: Error;
}

/** How a process ended: whether it had to be, and the last that it printed. */
interface Ending extends Exit {
  late: boolean;
  words: string;
}

/** Of the process itself: what it has started may hold its streams open for ever. */
function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    // What it said last may still be on its way.
    const after = (exit: Exit) => setTimeout(() => resolve(exit), 50);
    child.once('error', (error) => after({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => after({ code, signal }));
  });
}

/** The check for a process that ended, or had to be ended, before it had said all. */
function unfinished(current: Started | null, ending: Ending): Check {
  return {
    code: current?.code ?? 'process',
    title: current?.title ?? 'its process says what it finds',
    ok: false,
    severity: 'error',
    because: howEnded(ending, current?.limit ?? silence),
    remedy: ending.late ? 'see what it waits for' : null,
    ms: 0,
  };
}

function howEnded({ late, words, code, signal, error }: Ending, limit: number): string {
  if (error) return `no process could be started: ${error.message}`;
  if (late) return `no end within ${Math.round(limit / 1000)} s`;
  const last = words ? `; its last words: ${words}` : '';
  return `the process ended by itself (${signal ?? `exit ${code}`})${last}`;
}

function killGroup(child: ChildProcess): void {
  if (!child.pid) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}

/** Calls once when the next thing is late, or the last. */
class Clock {
  private next: NodeJS.Timeout | undefined;
  private end: NodeJS.Timeout | undefined;
  private readonly late: () => void;

  constructor(late: () => void) {
    this.late = late;
  }

  set(ms: number): void {
    clearTimeout(this.next);
    this.next = setTimeout(this.late, ms);
  }

  last(ms: number): void {
    this.end = setTimeout(this.late, ms);
  }

  stop(): void {
    clearTimeout(this.next);
    clearTimeout(this.end);
  }
}
