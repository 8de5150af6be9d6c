import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Problem } from '../problem.ts';
import type { Check, Job, Level, Limits, Phase, Site } from '../types/verify.ts';
import { buildChecks } from './build.ts';
import { endsByItself, notRemoved, notTried, outOfTime, serverKilled, whereItLeads } from './own-checks.ts';
import { type Ended, runChild, type Starting } from './run-child.ts';
import { newScratchId } from './scratch.ts';
import { startingFor } from './starting.ts';
import type { Subject } from './subject.ts';
import type { Throwaway } from './throwaway/index.ts';
import { TimeLimit } from './time.ts';

/** What is asked for, and who is told. */
export interface Verifying {
  /** null: `decide` says it, once it is known where the db entry leads. */
  level: Level | null;
  /** Of all of it, in ms. */
  limit: number;
  decide(site: Site): Promise<Level>;
  check(check: Check): void;
  /** That one has begun, by its title. */
  begins(title: string): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A race is between two. */
const racers = 2;

/** One run of `verify`: its children, in their order. */
export class VerificationRun {
  /** All that was found so far. */
  readonly checks: Check[] = [];
  private readonly subject: Subject;
  private readonly asked: Verifying;
  private readonly throwaway: Throwaway | null;
  private readonly scratch = newScratchId();
  private readonly time: TimeLimit;
  private readonly ending = new AbortController();
  /** Whether something of this run may be in the database. */
  private dirty = false;

  constructor(subject: Subject, asked: Verifying, throwaway: Throwaway | null = null) {
    this.subject = subject;
    this.asked = asked;
    this.throwaway = throwaway;
    this.time = new TimeLimit(asked.limit);
  }

  /**
   * Looks, and where it may holds the runner to its contract; gives the checks. Leaves nothing in the database, also
   * when it is interrupted. Raises `interrupted`, and what `decide` raises.
   */
  async run(): Promise<Check[]> {
    const interrupt = () => this.ending.abort();
    for (const signal of signals) process.on(signal, interrupt);
    try {
      await this.lookAndHold();
    } finally {
      for (const signal of signals) process.off(signal, interrupt);
    }
    if (this.isOver()) throw this.interrupted();
    return this.checks;
  }

  private interrupted(): Problem {
    const left = this.dirty
      ? `\`verify_${this.scratch}\` may still be in the database; the next run removes it`
      : 'nothing was left in the database';
    return new Problem('interrupted', 'interrupted', left);
  }

  private async lookAndHold(): Promise<void> {
    for (const check of buildChecks(this.subject)) this.say(check);
    const { site } = await this.child('look');
    if (!site || this.isOver()) return;
    const level = this.throwaway ? 'write' : (this.asked.level ?? (await this.time.outside(this.asked.decide(site))));
    if (site.engine === 'sqlite' || this.isOver()) return;
    const { contract } = this.subject.host.verification;
    if (level === 'read') return this.say(notTried(contract, 'it writes, and `--level read` was chosen'));
    if (site.unwritable) return this.say(notTried(contract, site.unwritable));
    try {
      await this.holdToContract(site);
    } finally {
      await this.clean();
    }
  }

  private isOver(): boolean {
    return this.ending.signal.aborted;
  }

  private async holdToContract(site: Site): Promise<void> {
    this.dirty = true;
    const first = await this.child('hold');
    if (!has(first, 'keeps') || this.isOver()) return;
    if (this.throwaway?.crash) await this.crash(this.throwaway.crash);
    const races = site.sharedFile ? racers : 0;
    const raced = await Promise.all(Array.from({ length: races }, () => this.child('race')));
    const failed = ({ complete, checks }: Ended) => !complete || checks.some(({ ok }) => ok === false);
    if (this.isOver() || raced.some(failed)) return;
    const second = await this.child('return', raced.every((one) => has(one, 'races')) ? races : 0);
    if (has(second, 'removed')) this.dirty = false;
  }

  private async crash(kill: () => Promise<void>): Promise<void> {
    const killed = Date.now();
    await kill();
    this.say(serverKilled(Date.now() - killed));
  }

  /** In a process of its own: the one before may be stuck. Also after an interruption. */
  private async clean(): Promise<void> {
    if (!this.dirty) return;
    const ended = await this.start('clean', 0, new AbortController().signal);
    this.dirty = !has(ended, 'removed');
    if (this.dirty && !ended.checks.some(({ code, ok }) => code === 'removed' && ok === false))
      this.say(notRemoved(this.scratch));
  }

  private child(phase: Phase, races = 0): Promise<Ended> {
    return this.start(phase, races, this.ending.signal);
  }

  private async start(phase: Phase, races: number, signal: AbortSignal): Promise<Ended> {
    if (phase !== 'clean' && this.time.left() <= 0) {
      this.say(outOfTime(this.time.all));
      return { checks: [], site: null, complete: false, alive: null };
    }
    const starting: Starting = startingFor(this.subject.runsIn, this.throwaway?.env);
    const heard = (check: Check) => {
      if (this.throwaway && ofPlace.includes(check.code)) return;
      if (phase === 'look' || !repeated(check)) this.say(check);
    };
    const hearing = {
      check: heard,
      site: (one: Site) => this.say(whereItLeads(one)),
      begins: (title: string) => this.asked.begins(title),
      signal,
    };
    const ended = await runChild(this.job(phase, races), starting, hearing);
    const isServer = ended.site !== null && ended.site.engine !== 'sqlite';
    if (phase === 'look' && ended.complete && isServer) this.say(endsByItself(ended, this.subject));
    return ended;
  }

  private say(check: Check): void {
    if (this.isOver() && check.ok === false) return;
    this.checks.push(check);
    this.asked.check(check);
  }

  private job(phase: Phase, races: number): Job {
    const { host, facts, entry, runsIn, envFile, line, variables, fallbacks, shared, packages } = this.subject;
    return {
      key: randomUUID(),
      phase,
      host: host.name,
      root: runsIn,
      entry: path.join(facts.root, entry),
      envFile: envFile?.value ?? null,
      line,
      scratch: this.scratch,
      variables,
      fallbacks,
      shared,
      adapters: packages.filter((name) => host.isOwnPackage(name)),
      startsOwn: this.asked.level === 'write',
      races,
      limits: this.limits(phase),
      onlyPort: this.throwaway?.onlyPort ?? null,
    };
  }

  /** What is left of the time; cleaning always gets some. */
  private limits(phase: Phase): Limits {
    const left = Math.max(this.time.left(), phase === 'clean' ? 15_000 : 1_000);
    const most = (ms: number) => Math.min(ms, left);
    // A server that was there a moment ago does not take long, where it still is.
    const reach = phase === 'clean' ? 5_000 : 20_000;
    return { load: most(20_000), reach: most(reach), check: most(15_000), all: left };
  }
}

/** What says something of where the database is, which nobody wants to know of a throwaway one. */
const ofPlace = ['file-place', 'durable-commits', 'durable-writes', 'room-for-connections', 'room-in-memory'];

/** What every process says, and only its failure is news the second time; of a race, also that there was none. */
function repeated({ code, ok }: Check): boolean {
  return code === 'races' ? ok === true : ok !== false && ['loads', 'adapter-known'].includes(code);
}

function has({ checks }: Ended, code: string): boolean {
  return checks.some((check) => check.code === code && check.ok === true);
}
