/** What a project says of itself: `inspect` finds facts, each with its evidence, and decides nothing. Paths are relative to the package folder
 * (`Facts.root`), with `/`; they may start with `../` inside a workspace. */

/** A fact and its evidence: `pnpm`, because `../pnpm-lock.yaml`. */
export interface Found<T> {
  value: T;
  because: string;
}

export type Target = 'node' | 'cloudflare';

export type Language = 'typescript' | 'javascript';

export type PackageManagerName = 'npm' | 'pnpm' | 'yarn' | 'bun' | 'deno';

export interface PackageManager {
  name: PackageManagerName;
  /** As far as the project says: `9.15.9`, `1`, or null. */
  version: string | null;
  /** Folder whose lockfile an install changes: `.` or the workspace root. */
  lockRoot: string;
  /** The one install that a changed package.json needs. */
  install: [string, ...string[]];
  /** What runs a binary of the project: `npx`, `pnpm exec`. */
  exec: string;
  /** Every file that install may change. */
  touches: string[];
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
  /** null: the evidence contradicts itself, `among` these. */
  packageManager: Found<PackageManager | null> & { among?: PackageManagerName[] };
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
  /** How its TypeScript is set; the usual way in a JavaScript project. */
  compiler: Found<Compiler>;
  /** How the project writes code, for the file we add. */
  formatter: Found<Formatter>;
  /** Every text a plan may change, by path, exactly as read. */
  files: Record<string, string>;
}

/** How a project writes code, as Prettier's options by name; what is absent is as in Prettier. */
export type Style = Record<string, string | number | boolean>;

/** What the project's TypeScript asks of the code that is added. */
export interface Compiler {
  /** Whether what is read from an index signature, such as `process.env`, stands in brackets. */
  bracketed: boolean;
  /** Whether Node's types are there without a reference to them. */
  nodeTypes: boolean;
}

export interface Formatter {
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
