/**
 * What a project says of itself: `inspect` finds facts, each with its evidence, and decides nothing. Paths are relative
 * to the package folder (`Facts.root`), with `/`; they may start with `../` inside a workspace.
 */

import type { EnvDoc } from './env-docs.ts';
import type { Client, Source } from './source.ts';

/** A fact and its evidence: `pnpm`, because `../pnpm-lock.yaml`. */
export interface Found<T> {
  value: T;
  because: string;
}

/** A text of the project's that a plan may change, exactly as read. */
export interface ProjectText {
  path: string;
  text: string;
}

/** What a project may build for. */
export const targets = ['node', 'cloudflare'] as const;

export type Target = (typeof targets)[number];

/** One of the ways in which the project is built. `target`: null where the config computes it. */
export type Build = Found<Target | null>;

/** What the project is written in. */
export type Language = 'typescript' | 'javascript';

/** As `--package-manager` takes it; knowledge/package-managers has the list. */
export type PackageManagerName = string;

/** How this project's packages are installed. */
export interface PackageManagerFacts {
  name: PackageManagerName;
  /** As far as the project says: `9.15.9`, `1`, `berry`, or null. */
  version: string | null;
  /** Folder whose lockfile an install changes: `.` or the workspace root. */
  lockRoot: string;
  /** The one install that a changed package.json needs. */
  install: [string, ...string[]];
  /** What runs a binary of the project: `npx`, `pnpm exec`. */
  exec: string;
  /** What runs a script of its package.json: `npm run`. */
  run: string;
  /** Every file that install may change. */
  touches: string[];
  /** What it writes before a version that it saves: `^`, `~` or nothing. */
  savePrefix: string;
  /** The versions that the project forces on packages, whoever asks for them: `overrides`, `resolutions`. */
  overrides: Record<string, string>;
  /** Codes of errors with which the install ends although everything is there. */
  harmlessErrors: readonly string[];
  /** Why flue does not run that install here; null where it does. */
  obstacle: Obstacle | null;
  /** What has that install write the lockfile and nothing else, in words; absent where it installs packages, too. */
  lockfileOnly?: string;
}

/**
 * What keeps flue from running an install. `by-hand`: a tool that flue does not drive installs here; the files are
 * edited, and a person runs it. The others would make the install fail, or not reach this package: `frozen` (a setting
 * forbids a changed lockfile), `no-effect` (a setting has it install nothing, or elsewhere), `not-a-member` (the
 * package is below a workspace that does not name it).
 */
export interface Obstacle {
  code: 'by-hand' | 'frozen' | 'no-effect' | 'not-a-member';
  /** The file that says so, or the variable of the environment. */
  path: string;
  because: string;
  hint: string;
}

/** A package as the project declares it and as it is installed. */
export interface Package {
  name: string;
  /** The list it stands in, or null when it is only installed (by way of another package or the workspace root). */
  list: DependencyList | null;
  specifier: string | null;
  installed: string | null;
}

/** The lists of a package.json that may name a dependency. */
export type DependencyList = 'dependencies' | 'devDependencies' | 'peerDependencies' | 'optionalDependencies';

/** The version catalogs of a workspace. `own`: the one this package takes all its versions from, if it does. */
export interface Catalogs {
  file: string;
  /** The file as read. */
  text: string;
  mode: 'strict' | 'prefer' | 'manual';
  named: Record<string, Record<string, string>>;
  own: string | null;
  /** The catalog that this package takes a dependency from, by the name of that. */
  taken: Record<string, string>;
}

/** The module by which the host finds its database: for Flue the db entry. */
export interface Entry extends ProjectText {
  /** The blueprint that its first line names: `database/postgres@1`. That line does not say who wrote the rest. */
  marker: string | null;
  /** What the host itself hands out, where the text is that. */
  handedOut: HandedOut | null;
}

/** A text that a host gives to everybody: what its starter writes, or what its guide tells to write. */
export interface HandedOut {
  kind: 'starter' | 'guide';
  because: string;
  /** What is known to go wrong with it. */
  faults: string[];
  /** Whether nothing of the project's own is in it, not even a comment. */
  verbatim: boolean;
}

/**
 * The env file that is loaded where the project is started. `script`: which of package.json's loads it; null: the host
 * does.
 */
export interface EnvFile extends Found<string> {
  script: string | null;
  /** Where git tracks it, and every other that is loaded. */
  committed?: true;
}

/** How the project is started by scripts of its own, each by its name; null where none does. */
export interface Starts {
  develop: string | null;
  build: string | null;
  serve: string | null;
}

/** What a host says of a project of its own. */
export interface HostFacts {
  /** Which host, by its name: `flue`. */
  host: Found<string>;
  /** The version of the host's runtime; null: it cannot be known before an install. */
  version: Found<string | null>;
  /** The line of versions, computed once: what differs between versions hangs on this. Each host names its own. */
  line: string;
  /** The folder that the host takes for its project; `.` is the package. */
  hostRoot: Found<string>;
  sourceRoot: Found<string>;
  /** null: the config computes it, or nothing says. `builds`: every target that anything says is built. */
  target: Found<Target | null> & { builds: Build[] };
  language: Found<Language>;
  entry: Found<Entry> | null;
  /** Where the host looks for the entry. `option`: its config says so. */
  place: Found<string> & { option: boolean };
  envFile: EnvFile;
  starts: Starts;
  /** What only this host reads; its folder says the shape. */
  details: unknown;
}

/** What a project says of itself. Nothing is decided here. */
export interface Facts extends HostFacts {
  /** The package folder, absolute. */
  root: string;
  /** null: the evidence contradicts itself, `among` these. `guess`: nothing in the project says which. */
  packageManager: Found<PackageManagerFacts | null> & { among?: PackageManagerFacts[]; guess?: true };
  /** The workspace root, where the package is a member of one. */
  workspace: Found<string> | null;
  /** How `db.ts` will read a variable: `process.env`, or the exported values of `module` as `<specifier>#<export>`. */
  env: Found<string> & { module?: string };
  envDocs: EnvDoc[];
  packages: Package[];
  catalogs: Found<Catalogs> | null;
  source: Source | null;
  /** Clients of the database that the project makes in one place; the one that was asked for first. */
  clients: Client[];
  /** What the entry held before ours took its place, kept beside it. */
  former: ProjectText | null;
  /** A folder's index that code imports by the folder's name, and that a new entry beside it would hide. */
  hidden: Found<string> | null;
  /** How its TypeScript is set; the usual way in a JavaScript project. */
  compiler: Found<Compiler>;
  /** How the project writes code, for the file we add. */
  formatter: Found<CodeStyle>;
  manifest: ProjectText;
  gitignore: ProjectText | null;
}

/** How a project writes code, as Prettier's options by name; what is absent is as in Prettier. */
export type FormatOptions = Record<string, string | number | boolean>;

/** What the project's TypeScript asks of the code that is added. */
export interface Compiler {
  /** Whether what is read from an index signature, such as `process.env`, stands in brackets. */
  bracketed: boolean;
  /** Whether Node's types are there without a reference to them. */
  nodeTypes: boolean;
  /** Whether its library knows the `cause` of an error. */
  errorCause: boolean;
  /** Whether a subpath of a package is found by that package's `exports`. */
  packageExports: boolean;
  /** Whether what a CommonJS package exports as a whole may be taken by a default import. */
  defaultImports: boolean;
}

/** How the project writes the file that is added. */
export interface CodeStyle {
  eol: '\n' | '\r\n';
  /** null: as the templates are written. */
  style: FormatOptions | null;
}

/** What else in the project refers to something that `add` had brought, each with the reason to keep it. */
export interface References {
  packages: Record<string, string>;
  variables: Record<string, string>;
  /** Of the packages those whose version another package of the workspace takes from a catalog, each with its file. */
  catalogued: Record<string, string>;
  /** Files that import the entry. */
  importers: string[];
}
