/**
 * Every noun. A plan is data: facts lead to a choice, a choice to a plan, and whatever shows, applies or undoes
 * a change reads the same plan.
 *
 * Paths are relative to the package folder (`Facts.root`), with `/`; they may start with `../` inside a workspace.
 */
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
  /** How the project writes code, for the file we add. */
  formatter: Found<Formatter>;
  /** Every text a plan may change, by path, exactly as read. */
  files: Record<string, string>;
}

/** How a project writes code, as Prettier's options by name; what is absent is as in Prettier. */
export type Style = Record<string, string | number | boolean>;

export interface Formatter {
  eol: '\n' | '\r\n';
  /** null: as the templates are written. */
  style: Style | null;
}

/** What the command line asks for. What it says of the project itself (`--target`, …) goes to `inspect`. */
export interface Request {
  driver?: string | undefined;
  /** Canonical name → the project's name. */
  names: Record<string, string>;
  /** Canonical name → why, where the name answered a question. */
  because?: Record<string, string>;
  onExisting?: 'keep' | 'replace' | undefined;
  /** `<file>#<export>`; `inspect` has looked at it. */
  client?: string | undefined;
}

export interface Variable {
  name: string;
  /** What a person should put there, in one clause. */
  purpose: string;
}

/** One way of talking to the database: a package and the template written for it. */
export interface Driver {
  package: string;
  /** The template, a file beside blueprint.json. */
  file: string;
  /** What is written into package.json when the project has none. */
  range: string;
  /** Major versions the template was run against. */
  majors: number[];
  /** Type packages a TypeScript project needs beside it. */
  types?: Record<string, string>;
  /** The template for a client that the project makes, and which of them will do. */
  client?: {
    file: string;
    /** What makes such a client, as `<specifier>#<name>`. */
    madeBy: string[];
    /** Options, as patterns of how they are written, with which it cannot be used. */
    unfit?: { option: string; because: string }[];
    /** Options without which using it costs something. */
    risks?: { without: string; because: string }[];
    notes?: string[];
  };
  /** Packages that stand on this driver: where one of them is there and no driver is, this is the default. */
  suggestedBy?: string[];
}

/** blueprint.json, with its place on the shelf. */
export interface Blueprint {
  name: string;
  version: number;
  title: string;
  summary: string;
  website: string;
  aliases: string[];
  /** The engine a variable must be proven to point at before it is reused. */
  engine: string;
  /** Which variable names belong together: `sql`, `redis`, `mongo`. */
  family: Family;
  adapter: string;
  variables: Variable[];
  drivers: Driver[];
  /** Packages that talk to this database but cannot honour the contract, and why. */
  refused: { package: string; because: string }[];
  /** Names people type that are something else, and what to do instead. */
  notThis?: { name: string; because: string; instead: string }[];
  /** What to keep out of git, where the project has a .gitignore. */
  ignores?: string[];
  /** What everybody has to know, one line each. */
  caveats: string[];
  guide: { chooseWhen: string; isolation: string[]; durability: string };
}

export type Family = 'sql' | 'redis' | 'mongo';

/** A blueprint with the texts of its templates, by file name. */
export interface Shelved {
  blueprint: Blueprint;
  templates: Record<string, string>;
}

export interface Choice {
  /** `database/postgres@1` */
  blueprint: string;
  driver: Found<Driver>;
  /** Canonical name → what the project calls it. */
  names: Record<string, Found<string>>;
  target: Found<Target>;
  packageManager: Found<PackageManager>;
  adapterVersion: Found<string>;
  /** The project's own client that `db.ts` uses, where it makes none. */
  client?: Found<Pick<Client, 'specifier' | 'export'>>;
  /** Whether the db entry is written or, edited by its owner, kept. `former`: what it holds is the project's own, and goes beside it. */
  entry: Found<'write' | 'keep'> & { path: string; former?: true };
}

/** What `remove` takes back: a db entry of ours, unchanged, and what it was written with. */
export interface Removal {
  blueprint: string;
  entry: string;
  driver: Driver;
  /** What adding brings: the adapter, the driver and its types. */
  packages: string[];
  /** Canonical name → what the project calls it, of the variables that the db entry reads. */
  names: Record<string, string>;
  packageManager: Found<PackageManager>;
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

export interface Answer {
  value: string;
  label: string;
  recommended?: boolean;
}

/** An open point that a flag, a prompt or `--yes` can settle. */
export interface Question {
  flag: `--${string}`;
  ask: string;
  answers: Answer[];
  because: string;
  /** The refusal it becomes when nobody answers, where that is not `needs-answer` with the answers as its hint. */
  refusal?: { code: 'adapter-exists' | 'needs-answer'; hint: string };
}

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
  /** What is worth a word although all went well, as sentences. */
  warnings: string[];
}
