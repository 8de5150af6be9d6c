import { importedFrom, importOf, type Module } from '../../code/module.ts';
import type { Entries } from '../../edit/insert.ts';
import type { Refusal } from '../../edit/splice.ts';

/** What an entry of a schema has to say. */
export interface Wanted {
  name: string;
  /** Whether the program must not start without it; otherwise the entry is optional. */
  required: boolean;
  /** The text of the initializer of a variable of the same family, or null. */
  sibling: string | null;
  /** Whether the schema takes an empty value for an absent one (`emptyStringAsUndefined`). */
  emptyIsAbsent: boolean;
}

/** An initializer, and the functions of the library it calls. */
export interface Initializer {
  text: string;
  needs: string[];
}

/** A library whose schemas are objects of validators, and how it writes a string that may be absent. */
export interface Validator {
  name: string;
  imports: RegExp;
  initializer(wanted: Wanted, local: Local): Initializer;
}

/** The names a module has for a library. */
export interface Local {
  /** `z`, `v`: what the library's functions are called on, or null where they are imported one by one. */
  namespace: string | null;
  /** The local name of one of its functions, or null where it is not imported. */
  of(name: string): string | null;
  mini: boolean;
}

/**
 * Measured with zod 4.6, valibot 1.5, arktype 2.2, envalid 8.2, envsafe 2.0, znv 0.5, joi 18.3: an optional entry must also let the empty
 * string pass, since `KEY=` in a .env file is the empty string and would stop the whole program; `db.ts` says what is missing itself.
 */
export const validators: readonly Validator[] = [
  {
    name: 'zod',
    imports: /^(?:zod(?:\/.*)?|@hono\/zod-openapi|astro\/zod|znv)$/,
    initializer({ required, sibling, emptyIsAbsent }, local) {
      const string = `${call(local, 'string')}()`;
      const needs = ['string'];
      const optional = local.namespace ? `${local.namespace}.optional(` : 'optional(';
      if (local.mini || sibling?.startsWith(optional))
        return {
          text: required ? string : `${call(local, 'optional')}(${string})`,
          needs: required ? needs : ['optional', ...needs],
        };
      const strict = (local.namespace && plainZod(sibling, local.namespace)) ?? `${string}.min(1)`;
      return { text: required ? strict : `${emptyIsAbsent ? strict : string}.optional()`, needs };
    },
  },
  {
    name: 'valibot',
    imports: /^valibot$/,
    initializer({ required }, local) {
      const [string, optional] = [call(local, 'string'), call(local, 'optional')];
      return required
        ? { text: `${string}()`, needs: ['string'] }
        : { text: `${optional}(${string}())`, needs: ['optional', 'string'] };
    },
  },
  {
    name: 'arktype',
    imports: /^arktype$/,
    initializer: ({ required }, local) => ({
      text: `${call(local, 'type')}('string${required ? '' : ' | undefined'}')`,
      needs: ['type'],
    }),
  },
  {
    name: 'envalid',
    imports: /^envalid$/,
    initializer: ({ required }, local) => ({
      text: `${call(local, 'str')}(${required ? '' : '{ default: undefined }'})`,
      needs: ['str'],
    }),
  },
  {
    name: 'envsafe',
    imports: /^envsafe$/,
    initializer: ({ required }, local) => ({
      text: `${call(local, 'str')}(${required ? '' : "{ default: '', allowEmpty: true }"})`,
      needs: ['str'],
    }),
  },
  {
    name: 'joi',
    imports: /^(?:@hapi\/)?joi$/,
    initializer: ({ required }, local) => ({
      text: `${call(local, 'string')}()${required ? '.required()' : ".allow('')"}`,
      needs: ['string'],
    }),
  },
];

/** The validator whose library a module imports and which its entries are written with; null where none is known. */
export function validatorOf(module: Module, texts: readonly string[]): { validator: Validator; local: Local } | null {
  for (const validator of validators) {
    const imported = importedFrom(module, validator.imports);
    const names = [...imported].filter(([local]) => texts.length === 0 || texts.some((text) => uses(text, local)));
    if (names.length > 0) return { validator, local: localOf(module, imported) };
  }
  return null;
}

/** The initializer of a new property of that list, with what is still to be imported for it and where from; or why it cannot be written. */
export function initializerFor(
  module: Module,
  list: Entries,
  wanted: Omit<Wanted, 'sibling'>,
  { isMember, url }: { isMember: (name: string) => boolean; url: boolean },
): (Initializer & { imports: RegExp }) | Refusal {
  const textOf = ({ start, end }: { start: number; end: number }) => module.text.slice(start, end);
  const inits = list.entries.map((entry) => ({ key: entry.key, text: textOf(entry).replace(/^[^:]*:\s*/, '') }));
  const found =
    validatorOf(
      module,
      inits.map(({ text }) => text),
    ) ?? validatorOf(module, []);
  if (!found) return { refused: 'its validators are of a library this does not know' };
  // A check of URLs fits another URL, and no token or name.
  const sibling = url ? (inits.find(({ key }) => isMember(key) && /(?:URL|URI|DSN)$/.test(key))?.text ?? null) : null;
  const init = found.validator.initializer({ ...wanted, sibling }, found.local);
  const quote = /^[^']*"[^']*$/.test(inits.map(({ text }) => text).join('') + importText(module)) ? '"' : "'";
  const text = init.text.replaceAll("'", quote);
  const missing = found.local.namespace === null ? init.needs.filter((name) => !found.local.of(name)) : [];
  return { text, needs: missing, imports: found.validator.imports };
}

function importText({ body, text }: Module): string {
  return body
    .filter(({ type }) => type === 'ImportDeclaration')
    .map(({ start, end }) => text.slice(start, end))
    .join('');
}

function uses(text: string, local: string): boolean {
  return new RegExp(`(?<![\\w$.])${local.replaceAll('$', '\\$')}\\b`).test(text);
}

function localOf(module: Module, imported: Map<string, string>): Local {
  const entries = [...imported];
  const [namespace] =
    entries.find(([local, name]) => name === '*' || name === 'z' || (name === 'default' && local !== 'type')) ?? [];
  return {
    namespace: namespace ?? null,
    of: (name) => entries.find(([, other]) => other === name)?.[0] ?? null,
    mini: namespace !== undefined && /mini/.test(importOf(module, namespace)?.from ?? ''),
  };
}

function call(local: Local, name: string): string {
  return local.namespace ? `${local.namespace}.${name}` : (local.of(name) ?? name);
}

/** The initializer of the same family where it is a plain string or URL, without what makes it optional. */
function plainZod(text: string | null, z: string): string | null {
  const bare = text?.replace(/\s+/g, '').replace(/\.optional\(\)$/, '') ?? '';
  return new RegExp(
    `^${z}\\.(?:string\\(\\)(?:\\.(?:min\\(1\\)|url\\(\\)|trim\\(\\)|nonempty\\(\\)))*|url\\(\\))$`,
  ).test(bare)
    ? bare
    : null;
}
