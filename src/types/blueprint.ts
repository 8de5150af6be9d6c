/** What can be added: the shelf of blueprints, read from `blueprints/`. */

/** A variable that the entry reads, by its canonical name. */
export interface Variable {
  name: string;
  /** What a person should put there, in one clause. */
  purpose: string;
}

/** One way of talking to the database: a package and the template written for it. */
export interface Driver {
  package: string;
  /** Other words for it: typed as the name of a database, they choose this driver. */
  names?: string[];
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
  /** The folder of blueprints that it stands in: its host's. */
  shelf: string;
  name: string;
  version: number;
  title: string;
  summary: string;
  website: string;
  aliases: string[];
  /** The engine a variable must be proven to point at before it is reused. */
  engine: string;
  /** Which variable names belong together: that of the engine. */
  family: string;
  adapter: string;
  /**
   * Which version of the adapter goes with which of the host's runtime, where they are not numbered alike; the oldest
   * first.
   */
  versions?: AdapterVersion[];
  /** What the entry makes, where a host lets that be chosen. */
  services?: Service[];
  variables: Variable[];
  drivers: Driver[];
  /** Packages that talk to this database but cannot honour the contract, and why. */
  refused: { package: string; because: string }[];
  /** Names people type that are something else, and what to do instead. */
  notThis?: { name: string; also?: string[]; because: string; instead: string }[];
  /** What to keep out of git, where the project has a .gitignore. */
  ignores?: string[];
  /** What everybody has to know, one line each. */
  caveats: string[];
  guide: { chooseWhen: string; isolation: string[]; durability: string };
}

/** One line of the table of versions: from one version of the runtime to another, both included. */
export interface AdapterVersion {
  from: string;
  to: string;
  adapter: string;
  /** The oldest version of the driver with which the adapter does not bring a second copy of it. */
  driver: string;
}

/** Something that the entry makes for its host. */
export interface Service {
  /**
   * The name that it has there, and in the template: lines that end in `// service: <name>` are only written with it.
   */
  name: string;
  /** Whether every entry makes it. */
  always?: boolean;
  /** The first version of the adapter that has it. */
  since?: string;
  /** Why it is never made. */
  refused?: string;
  /** What who chooses it has to know, one line each. */
  caveats?: string[];
}

/** A blueprint with the texts of its templates, by file name. */
export interface Shelved {
  blueprint: Blueprint;
  templates: Record<string, string>;
}
