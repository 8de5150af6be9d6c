import type { Severity } from './verify.ts';

/** What does not hold, with what can be done about it. */
export class Finding extends Error {
  readonly remedy: string | null;
  readonly severity: Severity | null;

  constructor(message: string, remedy: string | null = null, severity: Severity | null = null) {
    super(message);
    this.name = 'Finding';
    this.remedy = remedy;
    this.severity = severity;
  }
}

/** One thing that is asked of a server, or of what uses it, with what it is asked by. */
export interface ProbeOf<C> {
  /** Stable, for programs. */
  code: string;
  title: string;
  /** What it means where it fails; `error` where nothing is said. */
  severity?: Severity;
  /** Whether nothing can be written where it fails. */
  blocks?: true;
  /** Raises a `Finding` where it does not hold, `NotChecked` where that cannot be seen. Gives what is worth saying. */
  run(context: C): Promise<string | undefined>;
}

/** Why something could not be looked at. */
export class NotChecked extends Error {}

/** Raises a `Finding` where `condition` does not hold. */
export function must(
  condition: unknown,
  message: string,
  remedy: string | null = null,
  severity: Severity | null = null,
): asserts condition {
  if (!condition) throw new Finding(message, remedy, severity);
}

/** What a promise is rejected with, or null where it is kept. */
export function rejection(promise: Promise<unknown>): Promise<{ error: unknown } | null> {
  return promise.then(
    () => null,
    (error) => ({ error }),
  );
}
