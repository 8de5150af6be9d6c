/** What a host says of itself in the guide that `--print` gives. */
export interface HostGuide {
  /** As people write it. */
  title: string;
  /** What people call the module that opens the database. */
  entryTitle: string;
  /** The variables that it reads, in a sentence that says when. */
  whenRead: string;
  /** For which target it is, and what holds elsewhere; ends with a full stop. */
  target: string;
  /** Who makes the tables or keys, and what becomes of data when versions change. */
  migrations: string;
  /** What stands in the database, and what does not: rows of a table. */
  stored: readonly (readonly [inside: string, outside: string])[];
  /** What `verify` looks at. */
  verified: string;
  /** A case in which nothing is to be added, and why; a row of the table of databases. */
  nothingToAdd: readonly [when: string, then: string] | null;
}
