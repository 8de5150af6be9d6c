/** What a project says of itself: `inspect` finds facts, each with its evidence, and decides nothing. Paths are relative to the package folder
 * (`Facts.root`), with `/`; they may start with `../` inside a workspace. */

/** A fact and its evidence: `pnpm`, because `../pnpm-lock.yaml`. */
export interface Found<T> {
  value: T;
  because: string;
}

export type Target = 'node' | 'cloudflare';

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
  /** Where the install puts packages, and by what one sees that it has worked. */
  result: InstallResult;
  /** Why flue does not run that install here; null where it does. */
  obstacle: Obstacle | null;
  /** Whether a program of that name is in the folders of PATH. */
  onPath: boolean;
}

/** What an install leaves that has worked. */
export interface InstallResult {
  /** The lockfile that it writes; null where the settings want none. */
  lockfile: string | null;
  /** The folder of each package upward in which packages are put, or the map that takes its place (Plug'n'Play). */
  modules: { folder: string } | { map: string };
  /** Whether settings or the environment leave out `devDependencies`. */
  omitsDev: boolean;
  /** Texts in the output of an install that ends with an error although everything is there. */
  harmless: readonly string[];
}

/**
 * What keeps flue from running an install. `by-hand`: a tool that flue does not drive installs here; the files are edited, and a person runs it. The others would
 * make the install fail, or not reach this package: `frozen` (a setting forbids a changed lockfile), `not-a-member` (the package is below a workspace that does not
 * name it).
 */
export interface Obstacle {
  code: 'by-hand' | 'frozen' | 'not-a-member';
  /** The file that says so. */
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

export type DependencyList = 'dependencies' | 'devDependencies' | 'peerDependencies' | 'optionalDependencies';

/** The version catalogs of a workspace. `own`: the one this package takes all its versions from, if it does. */
export interface Catalogs {
  file: string;
  /** The file as read. */
  text: string;
  mode: 'strict' | 'prefer' | 'manual';
  named: Record<string, Record<string, string>>;
  own: string | null;
}

/** A variable as an env doc writes it down. `live`: assigned; otherwise it stands there commented out. */
export interface DocVariable {
  name: string;
  live: boolean;
  /** The scheme of its sample URL (`postgresql`, `redis`, …), when the doc gives one. Never the value. */
  scheme: string | null;
  /** The names of the parameters of its sample URL, and `$` where it is put together from other variables. */
  parameters?: string[];
}

/** A file in which the project writes its variables down. `skipped`: why it will not be edited, or null. */
export interface EnvDoc {
  path: string;
  /** The convention it follows: `dotenv`, `markdown`, `turbo`, `t3-env`, `zod`, …; a row of docs/env-conventions.md. */
  kind: string;
  variables: DocVariable[];
  because: string;
  skipped: string | null;
  /** Of a module that checks the environment. */
  schema?: EnvSchema;
}

export interface EnvSchema {
  /** The name under which the module exports its list of validators, where another module does the checking. */
  exported: string | null;
  /** Whether nothing but Flue's own code imports it, so that a key may be required. */
  required: boolean;
}

/** A place in the project's own code or config that hands a variable to something. */
export interface VariableUse {
  name: string;
  path: string;
  /** What receives it, in code terms: `new Pool`, `postgres()`, `drizzle.config`, `prisma`, `!!`. */
  by: string;
  engine: string | null;
}

/** Packages imported and variables used by the project's own source, or null where nothing made it worth looking. */
export interface Source {
  imports: Record<string, string>;
  uses: VariableUse[];
  /** Tools that own a database and drop tables they do not know, whichever variable they read. */
  owners: { path: string; by: string; engine: string | null }[];
  because: string;
  /** Whether all of it was looked at. */
  complete: boolean;
}

/** The db entry that is there. `marker`: the blueprint on its first line, `database/postgres@1`. */
export interface Adapter {
  path: string;
  marker: string | null;
  scaffold: boolean;
}

/** A driver's client that a module of the project makes and exports. */
export interface Client {
  path: string;
  /** `default` for the default export. */
  export: string;
  package: string;
  /** How the db entry imports the module. */
  specifier: string;
  /** Whether importing the module does nothing else. */
  alone: boolean;
  /** Whether all that it is made with is written out there, and the variables among it. */
  seen: boolean;
  variables: string[];
  /** Why `db.ts` cannot use it, or null; what using it costs; what who uses it has to know. */
  unfit: string | null;
  risks: string[];
  notes: string[];
}

/** What a project says of itself. Nothing is decided here. */
export interface Facts {
  root: string;
  /** null: the evidence contradicts itself, `among` these. `guess`: nothing in the project says which. */
  packageManager: Found<PackageManagerFacts | null> & { among?: PackageManagerFacts[]; guess?: true };
  /** The workspace root, where the package is a member of one. */
  workspace: Found<string> | null;
  sourceRoot: Found<string>;
  /** null: the config computes it, or nothing says. */
  target: Found<Target | null>;
  language: Found<Language>;
  /** The version of `@flue/runtime`; null: it cannot be known before an install. */
  flue: Found<string | null>;
  /** How `db.ts` will read a variable: `process.env`, or the exported values of `module` as `<specifier>#<export>`. */
  env: Found<string> & { module?: string };
  /** The env file that the project's own scripts load, where it is another than `.env`. */
  envFile: Found<string> | null;
  envDocs: EnvDoc[];
  packages: Package[];
  catalogs: Found<Catalogs> | null;
  source: Source | null;
  /** Clients of the database that the project makes in one place; the one that was asked for first. */
  clients: Client[];
  /** Where the config says the db entry is; null: Flue looks in the source root. */
  entryOption: Found<string> | null;
  adapter: Found<Adapter> | null;
  /** A folder's index that code imports by the folder's name, and that a new db entry beside it would hide. */
  hidden: Found<string> | null;
  /** How the project writes code, for the file we add. */
  formatter: Found<CodeStyle>;
  /** Every text a plan may change, by path, exactly as read. */
  files: Record<string, string>;
}

/** How a project writes code, as Prettier's options by name; what is absent is as in Prettier. */
export type Style = Record<string, string | number | boolean>;

/** How the project writes the file that is added. */
export interface CodeStyle {
  eol: '\n' | '\r\n';
  /** null: as the templates are written. */
  style: Style | null;
}

/** What the rest of the project needs of what `add` had brought, each with the reason. */
export interface Needs {
  packages: Record<string, string>;
  variables: Record<string, string>;
  /** Files that import the db entry. */
  importers: string[];
  /** Whether `flue init` 2.x has left its AGENTS.md and its .gitignore: it wrote a db entry, too. */
  begun: boolean;
}
