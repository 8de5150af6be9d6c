import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { checksum } from '../../src/apply/checksum.ts';
import { recover } from '../../src/apply/index.ts';
import { Problem } from '../../src/problem.ts';
import { scenarios, undisturbed } from './attacks.mjs';
import { difference, folderFor, type Place, place, run, stateOf } from './scenarios.mjs';

/** The memory of a journal, as far as these tests change it. */
export interface Remembers {
  project: string;
  token: string;
  run: string;
  files: { path: string; before: object | null; touched: boolean }[];
}

/** What a run has left that was killed when it had done all but end, to be damaged, as often as it is wanted. */
export class Leftovers {
  at!: Place;
  #kept!: string;
  #before!: Record<string, string>;
  /** The journal, and all that it held. */
  journal!: string;
  whole!: Buffer;

  async make(): Promise<void> {
    const scenario = scenarios.replace!;
    const { calls, before } = await undisturbed(scenario);
    this.#before = before;
    this.at = await place(scenario);
    await run(this.at, { kill: calls.find(({ args }) => String(args[1]).endsWith('done.json'))!.n });
    this.#kept = path.join(folderFor('leftovers'), 'kept');
    cpSync(this.home, this.#kept, { recursive: true, verbatimSymlinks: true });
    this.journal = path.join(this.at.project, '.flue-add/journal.json');
    this.whole = readFileSync(this.journal);
  }

  /** The folder of the project and of the user who works on it. */
  get home(): string {
    return path.dirname(this.at.tree);
  }

  /** Puts everything there again as it was left. */
  lay(): void {
    rmSync(this.home, { recursive: true, force: true });
    cpSync(this.#kept, this.home, { recursive: true, verbatimSymlinks: true });
  }

  remembers(): Remembers {
    return JSON.parse(this.whole.toString('utf8')).memory;
  }

  /**
   * Writes a journal that remembers something else, with the right checksum: only the token tells whether it is ours.
   */
  remember(memory: unknown): void {
    const text = Buffer.from(JSON.stringify(memory));
    writeFileSync(this.journal, `{"format":1,"checksum":"${checksum(text)}","memory":${text}}`);
  }

  /**
   * What the next run makes of it: `restored`, or `refused` with everything as it was and the journal named, or else
   * what went wrong.
   */
  async outcome(project = this.at.project): Promise<string> {
    const left = stateOf(this.home);
    try {
      if (!(await recover(project, true))) return 'nothing was seen';
      const wrong = difference(stateOf(this.at.tree), this.#before);
      return wrong.length === 0 ? 'restored' : `neither restored nor refused: ${wrong.join(', ')}`;
    } catch (error) {
      if (!(error instanceof Problem)) return `a bug: ${error}`;
      const changed = difference(stateOf(this.home), left).join(', ');
      if (error.code !== 'locked' || !`${error.message}${error.hint}`.includes('.flue-add'))
        return `${error.code}: ${error.message}`;
      return changed === '' ? 'refused' : `refused, but changed: ${changed}`;
    }
  }
}

/** For the tests of a file: made before the first, and with that user's own folder as ours. */
export function leftoversOfTests(): Leftovers {
  const leftovers = new Leftovers();
  const ours = process.env.XDG_STATE_HOME;
  beforeAll(async () => {
    await leftovers.make();
    process.env.XDG_STATE_HOME = leftovers.at.state;
  }, 60_000);
  afterAll(() => {
    process.env.XDG_STATE_HOME = ours;
  });
  return leftovers;
}
