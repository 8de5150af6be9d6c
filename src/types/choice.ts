import type { Driver } from './blueprint.ts';
import type { Found, PackageManagerFacts, ProjectText, Target } from './facts.ts';
import type { Client } from './source.ts';

/** What is to be done: `choose` makes a choice of facts and a request, or asks a question. */
export type Outcome<T> = { choice: T } | { question: Question };

/** What may become of an entry that is not ours: `elsewhere` leaves it alone and writes ours into another file. */
export const entryPolicies = ['keep', 'replace', 'elsewhere'] as const;

export type EntryPolicy = (typeof entryPolicies)[number];

/** What the command line asks for. What it says of the project itself (`--target`, …) is a fact. */
export interface Request {
  driver?: string | undefined;
  /** Canonical name → the project's name. */
  names: Record<string, string>;
  /** Canonical name → why, where the name answered a question. */
  because?: Record<string, string>;
  onExisting?: EntryPolicy | undefined;
  /**
   * Whether an install follows and somebody is there to confirm a package manager that is only guessed: it would write
   * a first lockfile.
   */
  confirmsGuess?: boolean;
  /** `<file>#<export>`; `inspect` has looked at it. */
  client?: string | undefined;
  /** Services by name, beside those that every entry makes. */
  services?: readonly string[] | undefined;
}

/** What is to be done, decided: a plan is made of it and of the facts. */
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
  /** What the entry makes beside what every one makes, where a host lets that be chosen. */
  services?: Services;
  entry: EntryChoice;
}

/**
 * Names of services. `optional`: those to which the project's own code gives a value before, so that their types must
 * allow for none.
 */
export interface Services extends Found<string[]> {
  optional: string[];
}

/**
 * Whether the entry is written or, edited by its owner, kept. `former`: what it holds is the project's own, and goes
 * beside it. `elsewhere`: it is another file than the host would look for, so that the host's config has to name it.
 */
export interface EntryChoice extends Found<'write' | 'keep'> {
  path: string;
  former?: true;
  elsewhere?: true;
}

/** What `remove` takes back: an entry of ours, unchanged, and what it was written with. */
export interface Removal {
  blueprint: string;
  entry: ProjectText;
  driver: Driver;
  /** What adding brings: the adapter, the driver and its types. */
  packages: string[];
  /** Canonical name → what the project calls it, of the variables that the entry reads. */
  names: Record<string, string>;
  /** null: it is not known which, and nothing is to be installed. */
  packageManager: Found<PackageManagerFacts> | null;
}

/** One of the answers that a question takes. */
export interface Answer {
  value: string;
  label: string;
  recommended?: boolean;
}

/** An open point that a flag, a prompt or `--yes` can settle. */
export interface Question {
  /** The flag that answers it, or the argument that is missing. */
  flag: `--${string}` | '<name>';
  ask: string;
  answers: Answer[];
  because: string;
  /** The refusal it becomes when nobody answers, where that is not `needs-answer` with the answers as its hint. */
  refusal?: { code: 'adapter-exists' | 'needs-answer'; hint: string };
}
