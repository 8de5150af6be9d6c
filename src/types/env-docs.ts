/** Where a project writes its variables down, by every convention. */

import type { Found } from './facts.ts';

/** A variable as an env doc writes it down. `live`: assigned; otherwise it stands there commented out. */
export interface DocVariable {
  name: string;
  live: boolean;
  /** The scheme of its sample URL (`postgresql`, `redis`, …), when the doc gives one. Never the value. */
  scheme: string | null;
  /** The names of the parameters of its sample URL, and `$` where it is put together from other variables. */
  parameters?: string[];
}

/** Why an env doc is not edited. Decisions read the code; the message is a clause for people: "git ignores it". */
export interface LeftAlone {
  code: LeftAloneCode;
  message: string;
  /** The tool's own command that sets a variable, with `<NAME>` where the name goes. */
  command?: string;
}

/**
 * Whose file it is: a `deployment`'s, `cloudflare`'s, a test's (`test`), a program's that writes it (`generated`),
 * another service's (`other-service`), that of people who use this one (`other-project`), a secret `store`'s, or one of
 * `values` in use. What its bytes are: `ignored` by git, a `symlink`, `not-regular`, `unreadable` for this user, in
 * `conflict`, of another `encoding`, `encrypted`, `unparsable`, `too-large`. What a new line would do there: a
 * `contract` stops the program, a `closed-type` no longer compiles, `computed` has no place for it, `browser` shows it
 * to everybody, `unreachable` is never read by the entry, `unintroduced` does not say that it speaks of the program's
 * variables, and `other-docs` say it already.
 */
export type LeftAloneCode =
  | 'deployment'
  | 'cloudflare'
  | 'test'
  | 'generated'
  | 'other-service'
  | 'other-project'
  | 'store'
  | 'values'
  | 'ignored'
  | 'symlink'
  | 'not-regular'
  | 'unreadable'
  | 'conflict'
  | 'encoding'
  | 'encrypted'
  | 'unparsable'
  | 'too-large'
  | 'contract'
  | 'closed-type'
  | 'computed'
  | 'browser'
  | 'unreachable'
  | 'unintroduced'
  | 'other-docs';

/**
 * A file in which the project writes its variables down: one that may be edited, with its text as read, or one that is
 * left alone.
 */
export type EnvDoc = DocFacts & ({ leftAlone: null; text: string } | { leftAlone: LeftAlone; text: null });

/**
 * What is known of an env doc whether it is edited or not. What is left alone is evidence all the same: its variables
 * count.
 */
export interface DocFacts {
  path: string;
  /** The convention it follows: `dotenv`, `markdown`, `turbo`, `t3-env`, `zod`, …; a row of docs/env-conventions.md. */
  kind: string;
  variables: DocVariable[];
  because: string;
  /** Where it takes a variable only as long as nothing else documents them. */
  onlyWhereSole?: true;
  /** Of a module that checks the environment. */
  schema?: EnvSchema;
}

/** What is known of a module that checks the environment, besides its variables. */
export interface EnvSchema {
  /** The name under which the module exports its list of validators, where another module does the checking. */
  exported: string | null;
  /** Whether nothing but the host's own code imports it, so that a key may be required. */
  required: boolean;
  /** Whether the values can be had by importing the module; false where they stay inside a framework's container. */
  reachable: boolean;
  /**
   * The checked values as the db entry would import them, `<specifier>#<export>`, where the host's own code reads them
   * so already.
   */
  reader: Found<string> | null;
}
