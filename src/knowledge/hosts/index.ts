import { listBlueprints } from '../../blueprints/shelf.ts';
import { Problem } from '../../problem.ts';
import type { Manifest } from '../../project/manifest.ts';
import type { Project } from '../../project/project.ts';
import type { Blueprint, Driver } from '../../types/blueprint.ts';
import type { Choice, Outcome, Question, Removal, Request, Services } from '../../types/choice.ts';
import type { Facts, Found, HostFacts } from '../../types/facts.ts';
import type { HostGuide } from '../../types/guide.ts';
import type { InstallCheck, Step, Write } from '../../types/plan.ts';
import type { Check } from '../../types/verify.ts';
import { flue } from './flue/index.ts';
import { pikku } from './pikku/index.ts';

/**
 * A host is the framework that a project runs on and that keeps its state in the database we add: it decides where the
 * code that opens the database stands, how it is found there, which versions go together, and how the project is
 * started. A stage asks it; it knows nothing of databases, drivers or variables, which are the same for every host.
 *
 * What a host has to say, by the stage that asks:
 * - *which project is mine*: `detect`, by evidence. Two hosts may be in one repository; then `--host` answers.
 * - *inspect*: `facts`. Everything is read here, also the texts of the files that `entry` and `revert` will edit (in
 *   `details`, which no one else reads).
 * - *choose*: `refuses` before any question, then `question`, then `adapter`; `elsewhere` where another's file stands
 *   in the way.
 * - *plan*: `entry` and `revert` are lists of writes: the entry file, and whatever edits of the project's own files
 *   make the host find it. They get the text of the entry, rendered from a blueprint of the host's shelf, and never
 *   touch the disk. `nextSteps` and `stepsAfterRemoval` say what a person does then.
 */
export interface Host {
  /** As `--host` takes it and `Facts.host` has it. */
  name: string;
  /** As people write it. */
  title: string;
  /** The module that opens the database, as people call it: its usual file name, and in words. */
  entryFile: string;
  entryTitle: string;
  /** What of its loads an env file without expanding `$` in it. */
  withoutExpansion: string;
  /** What a variable of its own begins with, where sharing the application's would do harm: `FLUE_`. */
  prefix: string;
  /** The names of the tables that it makes in an SQL database, as a pattern for tools that must leave them alone. */
  tables: string;
  /** The folder of its blueprints below `blueprints/`, and the first word of their markers. */
  shelf: string;
  /** The package that makes a project one of this host. It is never taken away, and no driver. */
  runtime: string;

  /** The oldest Node that its own packages ask for, all lines; null where what they ask for is more than they need. */
  node: readonly [major: number, minor: number] | null;

  /** Flags of `add` that are for its projects alone. */
  flags: readonly string[];

  /** What `--print` says of it. */
  guide: HostGuide;

  /** The evidence that the package is one of this host; null where there is none. Reads no more than that takes. */
  detect(project: Project, manifest: Manifest): Found<string> | null;
  /**
   * Why a package is none of this host, and where one is, if the workspace has one; null where nothing speaks of this
   * host at all. The first host, by which a stranger's project is measured, always says why.
   */
  absent(project: Project, manifest: Manifest, members: readonly string[]): Problem | null;
  /** What the project says of itself. Raises `not-a-project`, `cannot-parse`, `adapter-exists` and `needs-answer`. */
  facts(project: Project, known: HostContext): Promise<HostFacts>;
  /** Whether it is one of the host's own packages: its runtime, its tools, its adapters. */
  isOwnPackage(name: string): boolean;
  /** Whether it is an adapter, of whatever database. */
  isAdapter(name: string): boolean;
  /** Whether the host loads that file itself, so that it may be imported from the entry only with care. */
  isOwnCode(facts: Pick<HostFacts, 'sourceRoot' | 'details'>, path: string): boolean;

  /** What no answer would help. */
  refuses(facts: Facts): Problem | null;
  /** The first question that this host has open. Raises the refusal that an answer comes to. */
  question(facts: Facts, request: Request): Question | null;
  /** The version of the adapter for the runtime that is there. Raises `unsupported-flue`. */
  adapter(facts: Facts, blueprint: Blueprint): Outcome<Found<string>>;
  /**
   * What the entry makes, where that can be chosen; null for a host that has no such choice. `there`: what an entry of
   * ours makes already. Raises `bad-request` for what cannot be made.
   */
  services(facts: Facts, blueprint: Blueprint, request: Request, there: readonly string[] | null): Services | null;
  /** What must hold after an install. */
  checks(blueprint: Blueprint, driver: Driver): InstallCheck[];
  /**
   * Another place than the usual for the entry, where the host can be told of it by an edit that is proven; null where
   * it cannot.
   */
  elsewhere(facts: Facts): Promise<Found<string> | null>;

  /** The entry with this text, and the edits that make the host find it; nothing where all of it is so already. */
  entry(facts: Facts, choice: Choice, text: string): Promise<Write[]>;
  /** The way back from `entry`. Raises `adapter-exists` where code would lose what it imports. */
  revert(facts: Facts, removal: Removal, importers: readonly string[]): Promise<Reverted>;
  /** What `verify` says of its entries, and in which words. */
  verification: Verification;
  /** What `verify` loads. Raises `not-a-project` where there is nothing, and `unsupported-flue`. */
  loads(facts: Facts): Load;
  /** What a person does to see it work, and has to know of this host. */
  nextSteps(facts: Facts, choice: Choice): Step[];
  /** The same after a removal. */
  stepsAfterRemoval(facts: Facts, removal: Removal): Step[];
}

/** What is known of a package before its host is asked. */
export interface HostContext {
  manifest: Manifest;
  /** The programs of package managers, by which scripts start scripts. */
  managers: readonly string[];
  /** The version that the command line names. */
  asked: string | undefined;
  /** The version of a package in the lockfile. */
  locked(name: string): { version: string; path: string } | null;
}

/** What takes an addition back from the project's own files, and what a person does besides. */
export interface Reverted {
  writes: Write[];
  steps: Step[];
}

/** What `verify` says of a host's entries. How its processes use them stands in openings.ts. */
export interface Verification {
  /** Whether what builds or starts the project gets to the entry. Nothing is run for it. */
  reached(facts: Facts, entry: string): Pick<Check, 'title' | 'ok' | 'because' | 'remedy'>;
  /** What an entry is held to where it may write. */
  contract: string;
  /** What is done then, as an answer to whether it may. */
  writes: string;
  /** What ends an entry, as it is written, and what to do where its process goes on. */
  ends: { closing: string; remedy: string };
}

/**
 * The module that opens the database as the host would, the folder that the host runs in, and the env file it loads
 * there.
 */
export interface Load {
  path: string;
  cwd: string;
  envFile: string;
}

/** In the order in which they are asked; the first is the one that a stranger's project is measured by. */
export const hosts: readonly Host[] = [flue, pikku];

/** Everything that can be added, host by host; the same name may stand there for several. */
export function allBlueprints(): Blueprint[] {
  return hosts.flatMap(({ shelf }) => listBlueprints(shelf));
}

/** The host of that name. Raises `bad-request` for any other name. */
export function hostNamed(name: string): Host {
  const host = hosts.find((one) => one.name === name);
  if (host) return host;
  const known = hosts.map((one) => `\`${one.name}\``).join(', ');
  throw new Problem('bad-request', `there is no host named \`${name}\``, `one of ${known}`);
}

/** The host that the facts are of. */
export function hostOf({ host }: Pick<HostFacts, 'host'>): Host {
  return hostNamed(host.value);
}
