/** What would be done: a plan is data, and whatever shows, applies or undoes a change reads the same plan. */

/** A file that is written or, with `after` null, deleted. Paths as in `Facts`. */
export interface Write {
  kind: 'write';
  path: string;
  /** null: not there. */
  before: string | null;
  after: string | null;
  because: string;
  /** Of a file that goes: the folders that go with it where nothing else is in them, the innermost first. */
  folders?: string[];
}

/** A command that is run: the one install. */
export interface Run {
  kind: 'run';
  command: [string, ...string[]];
  /** Relative to the package folder. */
  cwd: string;
  /** Every file the command may change; their bytes are remembered and put back on failure. */
  touches: string[];
  /** Packages that are there when it has worked, whatever its exit code. */
  brings: string[];
  /** Codes in its output by which it has worked although it exits with an error, if what it brings is there. */
  harmlessErrors?: readonly string[];
  /** Scripts of package.json that it runs, besides those that every install runs. */
  ownScripts?: readonly string[];
  /** What must hold of what it has brought. */
  checks?: InstallCheck[];
  because: string;
}

/**
 * Something that is read in installed packages, as text. `exports`: every subpath of `of` that the package imports is
 * one that `of` has; `lacks`: the word stands in none of its type declarations; `shares`: it gets the same copy of `of`
 * as the project does.
 */
export type InstallCheck = { package: string } & (
  | { kind: 'exports'; of: string }
  | { kind: 'lacks'; word: string }
  | { kind: 'shares'; of: string }
);

/** One step of a plan. */
export type Operation = Write | Run;

/**
 * What a person does after the plan, or has to know. `set`: gives a variable its value; `run`: runs a command; `edit`:
 * changes a file; `know`: does nothing now. What a program needs of it is in the fields; `text` is the sentence for
 * people, and nothing reads it back.
 */
export interface Step {
  kind: 'set' | 'run' | 'edit' | 'know';
  variable?: string;
  /** As typed into a shell, in the package folder. */
  command?: string;
  /** The file that it is about. */
  path?: string;
  text: string;
}

/** No operations: nothing to do. */
export interface Plan {
  title: string;
  operations: Operation[];
  /** What the person does now: the actions first, at most four; then what to know. */
  next: Step[];
}

/** What became of a plan. */
export interface Result {
  plan: Plan;
  applied: boolean;
  /** What is worth a word although all went well, as sentences. */
  warnings: string[];
}
