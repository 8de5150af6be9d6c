import type { ProblemCode } from '../problem.ts';
import type { Driver } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts, Found, PackageManagerFacts } from '../types/facts.ts';
import type { Run, Step, Write } from '../types/plan.ts';
import type { Check } from '../types/verify.ts';

/**
 * The one JSON object of a `--json` run, as a type: `schema/output.schema.json` is made from it, and a test holds the
 * two together. Nothing is in it that does not stand here.
 */
export type Printed = PrintedReport | PrintedProblem;

/** What was done or would be done. */
export interface PrintedReport {
  ok: true;
  /** `add`, `remove`, `list`, … */
  command: string;
  /** `database/postgres@1` */
  blueprint?: string;
  /** Whether anything was changed; false for a dry run and where nothing was to do */
  applied?: boolean;
  /** Files that a run before this one had left half done, and that are as they were */
  restored?: string[];
  /** Files that the plan writes or deletes; what its commands change is not among them */
  changed?: string[];
  variables?: ReportedVariable[];
  plan?: PrintedPlan;
  choice?: PrintedChoice;
  facts?: PrintedFacts;
  /** list, and add without a name */
  blueprints?: PrintedBlueprint[];
  /** list: what can be added to projects of other hosts */
  others?: { host: string; blueprints: PrintedBlueprint[] }[];
  /** verify: all that was looked at, in order */
  checks?: Check[];
}

/** A refusal, a failure, or a bug. */
export interface PrintedProblem {
  ok: false;
  command: string;
  /** Files that this run had changed, and that are as they were */
  restored?: string[];
  /** verify: all that was looked at before it was said */
  checks?: Check[];
  problem: {
    /** Tells one refusal from another; the exit code follows from it. */
    code: ProblemCode | 'bug';
    /** @minLength 1 */
    message: string;
    /**
     * What can be done about it
     * @minLength 1
     */
    hint: string;
    question?: PrintedQuestion;
    /**
     * What is asked next where `question` is answered as recommended, or so that the work goes on: all can be answered
     * in one call
     */
    further?: PrintedQuestion[];
  };
}

/** A variable that `db.ts` reads. */
export interface ReportedVariable {
  /** What the project calls it */
  name: string;
  /** What the blueprint calls it, as `--var` wants it */
  canonical: string;
  /** reused: the project had it before */
  state: 'new' | 'reused';
  /** What to put there, in one clause */
  purpose: string;
}

/** An open point, and how it is answered. */
export interface PrintedQuestion {
  /**
   * What answers it: a flag, or `<name>`, the word behind the command
   * @pattern ^(?:--[a-z-]+|<name>)$
   */
  flag: string;
  ask: string;
  because: string;
  /** Empty: any value that fits */
  answers: { value: string; label: string; recommended?: true }[];
}

/** A plan as it is printed. */
export interface PrintedPlan {
  title: string;
  /** What the person does now: sets a variable, runs a command, edits a file; or only has to know */
  next: Step[];
  operations: (PrintedWrite | PrintedRun)[];
}

/**
 * A file that is written or deleted. With `--verbose` its texts, credentials and the values of env docs masked; null:
 * not there.
 */
export type PrintedWrite = Whole<Write, 'kind' | 'path' | 'because'> & { change: 'create' | 'edit' | 'delete' };

/** A command that is run. With `--verbose` the files that it may change, and the packages that it brings. */
export type PrintedRun = Whole<Omit<Run, 'ownScripts'>, 'kind' | 'command' | 'cwd' | 'because'>;

/** What was chosen, each with its reason; whole with `--verbose`. */
export interface PrintedChoice extends Omit<Choice, 'blueprint' | 'driver' | 'packageManager'> {
  blueprint?: string;
  driver: Found<PrintedDriver>;
  packageManager: Found<PrintedPackageManager>;
}

type PrintedDriver = Whole<Driver, 'package' | 'range'>;

type PrintedPackageManager = Whole<PackageManagerFacts, 'name' | 'version' | 'lockRoot'>;

/** With `--verbose` all of it, otherwise what is named. */
type Whole<T, Named extends keyof T> = Pick<T, Named> & Partial<Omit<T, Named>>;

/**
 * The facts without the texts of files, which are the plan's, and without what only the host reads. Its version also
 * stands under its name.
 */
export type PrintedFacts = WithoutTexts<Omit<Facts, 'details'>> & { flue?: Found<string | null> };

type WithoutTexts<T> = T extends readonly (infer One)[]
  ? WithoutTexts<One>[]
  : T extends object
    ? { [Key in keyof T as Key extends 'text' ? never : Key]: WithoutTexts<T[Key]> }
    : T;

/** A database that can be added. */
export interface PrintedBlueprint {
  /** `database`, or the host that it is for where that is not Flue; the first half of its marker */
  shelf: string;
  name: string;
  title: string;
  summary: string;
  website: string;
  /** Other names by which it can be asked for, drivers among them */
  aliases: string[];
  /** The first is used where the project has none */
  drivers: string[];
  variables: string[];
}
