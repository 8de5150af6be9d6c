/** What the project's own code says of its databases. */

/** What a variable is handed to. */
export type Consumer =
  /** Something of a package that connects to a database, as it is written: `new Pool`, `mongoose.connect`. */
  | { kind: 'call'; callee: string }
  /** The configuration of a tool that manages a schema. */
  | { kind: 'owner'; tool: string; pushes: boolean }
  /**
   * `switch`: setting it turns something on. `cache`: a client that keeps what may be thrown away. `composition`: where
   * it is not set, the connection is put together from others. `unknown`: it is read, and no more can be seen.
   */
  | { kind: 'switch' | 'cache' | 'composition' | 'unknown' };

/** A place in the project's own code or config that hands a variable to something. */
export interface VariableUse {
  name: string;
  path: string;
  consumer: Consumer;
  /** The engine behind it, where what it is handed to says so. */
  engine: string | null;
}

/** A tool that manages the schema of a database. */
export interface Owner {
  /** The file that says so. */
  path: string;
  tool: string;
  engine: string | null;
  /** Whether it makes the database equal to its model, as opposed to running migrations. */
  pushes: boolean;
  /** The variables of its connection; none where they cannot be seen. */
  variables: string[];
  /** The command by which it does so, where only a script of the file says that. */
  command?: string;
}

/** Packages imported and variables used by the project's own source, or null where nothing made it worth looking. */
export interface Source {
  /** Packages that connect to a database → a file that imports them. */
  imports: Record<string, string>;
  uses: VariableUse[];
  owners: Owner[];
  because: string;
  /** Whether all of it was looked at. */
  complete: boolean;
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
  sideEffectFree: boolean;
  /** Whether all that it is made with is written out there, and the variables among it. */
  optionsKnown: boolean;
  variables: string[];
  /** Why `db.ts` cannot use it, or null; what using it costs; what who uses it has to know. */
  unfit: string | null;
  risks: string[];
  notes: string[];
}
