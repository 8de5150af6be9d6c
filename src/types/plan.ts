/** What would be done: a plan is data, and whatever shows, applies or undoes a change reads the same plan. */

export interface Write {
  kind: 'write';
  path: string;
  /** null: not there. */
  before: string | null;
  after: string | null;
  because: string;
}

export interface Run {
  kind: 'run';
  command: [string, ...string[]];
  /** Relative to the package folder. */
  cwd: string;
  /** Every file the command may change; their bytes are remembered and put back on failure. */
  touches: string[];
  /** Packages that are there when it has worked, whatever its exit code. */
  brings: string[];
  because: string;
}

export type Operation = Write | Run;

/** Something for the person: to set a variable, to run a command, to edit a file, or only to know. `text` is the whole sentence. */
export interface Step {
  kind: 'set' | 'run' | 'edit' | 'know';
  variable?: string;
  command?: string;
  path?: string;
  text: string;
}

/** No operations: nothing to do. */
export interface Plan {
  title: string;
  operations: Operation[];
  /** What the person does now, one line each. */
  next: string[];
}

export interface Result {
  plan: Plan;
  applied: boolean;
}
