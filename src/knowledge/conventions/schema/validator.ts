/** What an entry of a schema is to require. */
export interface Requirement {
  name: string;
  /** Whether the program must not start without it; otherwise the entry is optional. */
  required: boolean;
  /** The text of the initializer of a variable of the same family, or null. */
  sibling: string | null;
  /** The text of the initializer beside it, or ''. */
  beside: string;
  /** Whether the schema takes an empty value for an absent one (`emptyStringAsUndefined`). */
  emptyIsAbsent: boolean;
}

/** An initializer, and the functions of the library it calls. */
interface Initializer {
  text: string;
  needs: string[];
}

/** A library whose schemas are objects of validators, and how it writes a string that may be absent. */
export interface Validator {
  /** The specifiers it is imported from. */
  imports: RegExp;
  /** The names, of those it exports, that hold all of its functions: `z`, `Joi`; `default` and `*` do anyhow. */
  namespaces?: readonly string[];
  /**
   * An optional entry must also let the empty string pass, since `KEY=` in a .env file is the empty string and would
   * stop the whole program; `db.ts` says what is missing itself.
   */
  initializer(wanted: Requirement, local: Local): Initializer;
}

/** The names a module has for a library. */
export interface Local {
  /** `z`, `v`: what the library's functions are called on, or null where they are imported one by one. */
  namespace: string | null;
  /** How one of the library's functions is called there: `z.string`, or `string` where it is imported, or is to be. */
  call(name: string): string;
}

/** `string()`, or `optional(string())`: of a library whose validators are functions, without methods. */
export function byFunctions({ required }: Requirement, { call }: Local): Initializer {
  const text = `${call('string')}()`;
  if (required) return { text, needs: ['string'] };
  return { text: `${call('optional')}(${text})`, needs: ['optional', 'string'] };
}
