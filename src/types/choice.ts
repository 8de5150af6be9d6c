import type { Driver } from './blueprint.ts';
import type { Client, Found, PackageManagerFacts, Target } from './facts.ts';

/** What is to be done: `choose` makes a choice of facts and a request, or asks a question. */

/** What the command line asks for. What it says of the project itself (`--target`, …) goes to `inspect`. */
export interface Request {
  driver?: string | undefined;
  /** Canonical name → the project's name. */
  names: Record<string, string>;
  /** Canonical name → why, where the name answered a question. */
  because?: Record<string, string>;
  onExisting?: 'keep' | 'replace' | undefined;
  /** Whether an install follows and somebody is there to confirm a package manager that is only guessed: it would write a first lockfile. */
  confirmsGuess?: boolean;
  /** `<file>#<export>`; `inspect` has looked at it. */
  client?: string | undefined;
}

export interface Choice {
  /** `database/postgres@1` */
  blueprint: string;
  driver: Found<Driver>;
  /** Canonical name → what the project calls it. */
  names: Record<string, Found<string>>;
  target: Found<Target>;
  packageManager: Found<PackageManagerFacts>;
  adapterVersion: Found<string>;
  /** The project's own client that `db.ts` uses, where it makes none. */
  client?: Found<Pick<Client, 'specifier' | 'export'>>;
  /** Whether the db entry is written or, edited by its owner, kept. `former`: what it holds is the project's own, and goes beside it. */
  entry: Found<'write' | 'keep'> & { path: string; former?: true };
}

/** What `remove` takes back: a db entry of ours, unchanged, and what it was written with. */
export interface Removal {
  blueprint: string;
  entry: string;
  driver: Driver;
  /** What adding brings: the adapter, the driver and its types. */
  packages: string[];
  /** Canonical name → what the project calls it, of the variables that the db entry reads. */
  names: Record<string, string>;
  packageManager: Found<PackageManagerFacts>;
}

export interface Answer {
  value: string;
  label: string;
  recommended?: boolean;
}

/** An open point that a flag, a prompt or `--yes` can settle. */
export interface Question {
  flag: `--${string}`;
  ask: string;
  answers: Answer[];
  because: string;
  /** The refusal it becomes when nobody answers, where that is not `needs-answer` with the answers as its hint. */
  refusal?: { code: 'adapter-exists' | 'needs-answer'; hint: string };
}
