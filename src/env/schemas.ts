import type { Entries } from '../edit/entries.ts';
import {
  constantsOf,
  entriesOf,
  importedFrom,
  importOf,
  keyOf,
  type Module,
  type Node,
  nameOf,
  nodesIn,
  propertyOf,
  resolve,
  unwrap,
} from '../edit/module.ts';
import { calls, callsTo, innermost, isEnvironment, objectBehind, readsOfEnvironment, spreads } from './reads.ts';

/** How an entry of a list is written: a validator, ArkType's own notation, the value itself, a member of a type, a field of Astro's, of a class. */
export type Form = 'validator' | 'notation' | 'value' | 'type' | 'astro' | 'class';

/** A list in a module into which a variable is written. */
export interface Slot {
  list: Entries;
  form: Form;
}

/** A schema of the environment in one module. */
export interface Schema {
  convention: string;
  slots: Slot[];
  /** The object of validators is imported from there. */
  elsewhere: { from: string; name: string } | null;
  /** The constant that holds the checked values, where the module exports one. */
  reader: string | null;
  emptyIsAbsent: boolean;
  /** Why it is not edited. */
  skipped: string | null;
}

type Found = Pick<Schema, 'slots' | 'elsewhere' | 'skipped'> & { emptyIsAbsent?: boolean; call: Node };
type Finder = (module: Module) => Found[];

const computed = 'its variables are computed, not written out';

/** The ways of checking the environment that are a list in a module, by name. In order: the first that is there speaks. */
const finders: [name: string, Finder][] = [
  ['t3-env', inT3],
  ['envalid', (module) => inCalls(module, /^envalid$/, ['cleanEnv'], 1, 'validator')],
  ['envsafe', (module) => inCalls(module, /^envsafe$/, ['envsafe'], 0, 'validator')],
  ['znv', (module) => inCalls(module, /^znv$/, ['parseEnv'], 1, 'validator')],
  ['arkenv', (module) => inCalls(module, /^arkenv$/, ['default', 'arkenv', 'createEnv'], 0, 'notation')],
  ['arktype', inArktype],
  ['zod', inZod],
  ['valibot', inValibot],
  ['joi', inJoi],
  ['nestjs-joi', inNest],
  ['class-validator', inClass],
];

/** Every schema of the environment in the module. */
export function schemasIn(module: Module): Schema[] {
  for (const [convention, find] of finders) {
    const found = find(module);
    if (found.length === 0) continue;
    return found.map(({ call, emptyIsAbsent = false, ...schema }) => ({
      convention,
      emptyIsAbsent,
      reader: readerOf(module, call),
      ...schema,
    }));
  }
  return [];
}

/** The list of validators behind an exported name: an object, or a library's `object()` round one. */
export function exportedSchema(module: Module, name: string): Slot | null {
  const constant = constantsOf(module).find((one) => one.name === name);
  const object = constant && objectBehind(module, constant.init);
  return object ? slot(module, object, 'validator') : null;
}

function inT3(module: Module): Found[] {
  return callsTo(module, /^@t3-oss\/env-(?:core|nextjs|nuxt)$/, ['createEnv']).flatMap((call): Found[] => {
    const options = argument(module, call, 0);
    if (options?.type !== 'ObjectExpression') return [{ call, slots: [], elsewhere: null, skipped: computed }];
    const server = propertyOf(options, 'server');
    if (!server) return [{ call, slots: [], elsewhere: null, skipped: 'its `createEnv` has no `server`' }];
    const values = ['runtimeEnv', 'runtimeEnvStrict'].flatMap((key) => {
      const value = propertyOf(options, key);
      const object = value && resolve(module, value);
      // `{ ...process.env, X: … }` has every variable already.
      return object?.type === 'ObjectExpression' && !spreads(object) ? [slot(module, object, 'value')] : [];
    });
    const empty = propertyOf(options, 'emptyStringAsUndefined')?.value === true;
    return [{ call, emptyIsAbsent: empty, ...from(module, server, 'validator', values) }];
  });
}

function inCalls(module: Module, source: RegExp, names: string[], position: number, form: Form): Found[] {
  return callsTo(module, source, names).flatMap((call) => {
    const given = (call.arguments as Node[])[position];
    return given ? [{ call, ...from(module, given, form) }] : [];
  });
}

/** `type({…})(process.env)`, `Env.assert(process.env)`, `Env(process.env)`. */
function inArktype(module: Module): Found[] {
  const types = importedFrom(module, /^arktype$/);
  return readsOfEnvironment(module).flatMap(({ call, callee }) => {
    const behind = resolve(module, callee.type === 'MemberExpression' ? (callee.object as Node) : callee);
    if (behind?.type !== 'CallExpression' || !types.has(nameOf(behind.callee))) return [];
    const given = (behind.arguments as Node[])[0];
    return given ? [{ call, ...from(module, given, 'notation') }] : [];
  });
}

/** `z.object({…}).parse(process.env)`, also by way of constants and with refinements in between. */
function inZod(module: Module): Found[] {
  if (
    importedFrom(module, /^(?:zod(?:\/.*)?|astro\/zod|@hono\/zod-openapi)$/).size === 0 &&
    !/\bparse\w*\(/.test(module.text)
  )
    return [];
  return readsOfEnvironment(module).flatMap(({ call, callee }) => {
    if (callee.type !== 'MemberExpression' || !/^(?:safe)?parse(?:Async)?$/i.test(nameOf(callee.property))) return [];
    return inSchema(module, call, callee.object as Node);
  });
}

/** `v.parse(v.object({…}), process.env)`. */
function inValibot(module: Module): Found[] {
  const names = importedFrom(module, /^valibot$/);
  if (names.size === 0) return [];
  return calls(module)
    .filter(({ callee, arguments: given }) => {
      const [head, tail] = nameOf(callee).split('.');
      const name = tail ?? names.get(head ?? '') ?? '';
      return names.has(head ?? '') && /^(?:safeP|p)arse(?:Async)?$/.test(name) && isEnvironment((given as Node[])[1]);
    })
    .flatMap((call) => inSchema(module, call, (call.arguments as Node[])[0]!));
}

/** `Joi.object({…}).validate(process.env)`; Nest's module takes the schema out of reach of `db.ts`. */
function inJoi(module: Module): Found[] {
  if (importedFrom(module, /^(?:@hapi\/)?joi$/).size === 0) return [];
  return readsOfEnvironment(module).flatMap(({ call, callee }) => {
    if (callee.type !== 'MemberExpression' || nameOf(callee.property) !== 'validate') return [];
    return inSchema(module, call, callee.object as Node);
  });
}

/** `validationSchema: Joi.object({…})`: Nest keeps the checked values inside its container. */
function inNest(module: Module): Found[] {
  if (importedFrom(module, /^(?:@hapi\/)?joi$/).size === 0) return [];
  return [...nodesIn(module.body)].flatMap((node) =>
    node.type === 'Property' && keyOf(node) === 'validationSchema' ? inSchema(module, node, node.value as Node) : [],
  );
}

/** The class that `plainToInstance()` and `validateSync()` check the environment with. */
function inClass(module: Module): Found[] {
  if (importedFrom(module, /^class-validator$/).size === 0) return [];
  const named = calls(module).filter(({ callee }) => /^plainTo(?:Instance|Class)$/.test(nameOf(callee)));
  return named.flatMap((call) => {
    const name = nameOf((call.arguments as Node[])[0]);
    const found = [...nodesIn(module.body)].find(({ type, id }) => type === 'ClassDeclaration' && nameOf(id) === name);
    if (!found) return [];
    return [
      {
        call,
        slots: [{ list: entriesOf(found.body as Node, module.text), form: 'class' as const }],
        elsewhere: null,
        skipped: null,
      },
    ];
  });
}

function inSchema(module: Module, call: Node, schema: Node): Found[] {
  const imported = unwrap(schema).type === 'Identifier' && importOf(module, nameOf(unwrap(schema)));
  if (imported) return [{ call, slots: [], elsewhere: imported, skipped: null }];
  const object = objectBehind(module, schema);
  if (object) return [{ call, ...from(module, object, 'validator') }];
  const given = innermost(module, schema);
  return [{ call, ...(given ? from(module, given, 'validator') : { slots: [], elsewhere: null, skipped: computed }) }];
}

/** An object given in place, by a constant, or by an import. */
function from(
  module: Module,
  given: Node,
  form: Form,
  more: Slot[] = [],
): Pick<Schema, 'slots' | 'elsewhere' | 'skipped'> {
  const object = resolve(module, given);
  if (object?.type === 'ObjectExpression')
    return { slots: [slot(module, object, form), ...more], elsewhere: null, skipped: null };
  const behind = object ? objectBehind(module, object) : null;
  if (behind) return { slots: [slot(module, behind, form), ...more], elsewhere: null, skipped: null };
  const bare = unwrap(given);
  const imported = bare.type === 'Identifier' ? importOf(module, nameOf(bare)) : null;
  if (imported) return { slots: more, elsewhere: imported, skipped: null };
  return { slots: [], elsewhere: null, skipped: computed };
}

function slot(module: Module, object: Node, form: Form): Slot {
  return { list: entriesOf(object, module.text), form };
}

function argument(module: Module, call: Node, index: number): Node | null {
  const given = (call.arguments as Node[])[index];
  return given ? resolve(module, given) : null;
}

/** The exported constant a call's value ends in, `.data` and the like included only where it is the call itself. */
function readerOf(module: Module, call: Node): string | null {
  const holder = constantsOf(module).find(({ init, exported }) => exported && unwrap(init) === call);
  return holder?.name || null;
}
