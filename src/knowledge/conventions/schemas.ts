import {
  importedFrom,
  importOf,
  keyOf,
  type Module,
  type Node,
  nameOf,
  propertyOf,
  unwrap,
} from '../../code/module.ts';
import { allNodes, constantsOf, resolve } from '../../code/scope.ts';
import { isPublic } from '../../edit/variable-names.ts';
import { calls, callsTo, chainOf, readsOfEnvironment, spreads } from './reads.ts';
import { type Form, namesIn, type Slot, slot } from './slots.ts';

/** A schema of the environment in one module. */
export interface Schema {
  convention: string;
  /** A variable has to stand in one list of each group. */
  groups: Slot[][];
  /** The object of validators is imported from there. */
  elsewhere: { from: string; name: string } | null;
  /** The name under which the module exports the checked values, if it does. */
  reader: string | null;
  emptyIsAbsent: boolean;
  /** Why it is not edited. */
  skipped: string | null;
}

type Found = Pick<Schema, 'groups' | 'elsewhere' | 'skipped'> & {
  call: Node;
  emptyIsAbsent?: boolean;
  holds?: boolean;
};
type Finder = (module: Module) => Found[];

const computed = 'its variables are computed, not written out';
const ofBundler = 'it reads what a bundler puts in (`import.meta.env`), which no server variable reaches';

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
    return found.map(({ call, emptyIsAbsent = false, holds = false, ...schema }) => ({
      convention,
      emptyIsAbsent,
      reader: holds ? readerOf(module, call) : null,
      ...schema,
      skipped: schema.skipped ?? (isPublic(namesIn(schema.groups[0] ?? [])) ? 'it holds what a browser may see' : null),
    }));
  }
  return [];
}

/** The list of validators behind an exported name: an object, or a library's `object()` round one. */
export function exportedSchema(module: Module, name: string): Slot[] | null {
  const byDefault = module.body.find(({ type }) => type === 'ExportDefaultDeclaration');
  const init =
    name === 'default'
      ? (byDefault?.declaration as Node | undefined)
      : constantsOf(module).find((one) => one.exported === name || one.name === name)?.init;
  const chain = init && chainOf(module, init);
  return chain && chain.objects.length > 0 ? chain.objects.map((object) => slot(module, object, 'validator')) : null;
}

function inT3(module: Module): Found[] {
  return callsTo(module, /^@t3-oss\/env-(?:core|nextjs|nuxt)$/, ['createEnv']).flatMap((call): Found[] => {
    const given = (call.arguments as Node[])[0];
    const options = given ? resolve(module, given) : null;
    if (options?.type !== 'ObjectExpression') return [{ call, groups: [], elsewhere: null, skipped: computed }];
    const server = propertyOf(options, 'server');
    if (!server) return [{ call, groups: [], elsewhere: null, skipped: 'its `createEnv` has no `server`' }];
    const values = ['runtimeEnv', 'runtimeEnvStrict'].flatMap((key) => {
      const value = propertyOf(options, key);
      const object = value && resolve(module, value);
      // `{ ...process.env, X: … }` has every variable already.
      return object?.type === 'ObjectExpression' && !spreads(object) ? [[slot(module, object, 'value')]] : [];
    });
    const source = ['runtimeEnv', 'runtimeEnvStrict']
      .map((key) => propertyOf(options, key))
      .find((one) => one !== null);
    if (source && /import\.meta\.env/.test(module.text.slice(source.start, source.end)))
      return [{ call, groups: [], elsewhere: null, skipped: ofBundler }];
    const empty = propertyOf(options, 'emptyStringAsUndefined')?.value === true;
    const holds = propertyOf(options, 'createFinalSchema') === null;
    return [{ call, holds, emptyIsAbsent: empty, ...from(module, server, 'validator', values) }];
  });
}

function inCalls(module: Module, source: RegExp, names: string[], position: number, form: Form): Found[] {
  return callsTo(module, source, names).flatMap((call): Found[] => {
    const given = (call.arguments as Node[])[position];
    const text = module.text.slice(call.start, call.end);
    if (/import\.meta\.env/.test(text)) return [{ call, groups: [], elsewhere: null, skipped: ofBundler }];
    return given ? [{ call, holds: true, ...from(module, given, form) }] : [];
  });
}

/** `type({…})(process.env)`, `Env.assert(process.env)`, `Env(process.env)`. */
function inArktype(module: Module): Found[] {
  const types = importedFrom(module, /^arktype$/);
  return readsOfEnvironment(module).flatMap(({ call, callee }) => {
    const asserts = callee.type === 'MemberExpression' && nameOf(callee.property) === 'assert';
    const behind = resolve(module, callee.type === 'MemberExpression' ? (callee.object as Node) : callee);
    if (behind?.type !== 'CallExpression' || !types.has(nameOf(behind.callee))) return [];
    const given = (behind.arguments as Node[])[0];
    return given ? [{ call, holds: asserts, ...from(module, given, 'notation') }] : [];
  });
}

/** `z.object({…}).parse(process.env)`, also by way of constants and with refinements in between; `z.parse(schema, process.env)`. */
function inZod(module: Module): Found[] {
  const zod = importedFrom(module, /^(?:zod(?:\/.*)?|astro\/zod|@hono\/zod-openapi)$/);
  if (zod.size === 0 && !/parse\w*\(/i.test(module.text)) return [];
  const methods = readsOfEnvironment(module).flatMap(({ call, callee, values }): Found[] => {
    if (callee.type !== 'MemberExpression' || !/^(?:safe)?parse(?:Async)?$/i.test(nameOf(callee.property))) return [];
    if (zod.has(nameOf(callee.object))) return [];
    return inSchema(module, call, callee.object as Node, nameOf(callee.property) === 'parse', values);
  });
  const functions = readsOfEnvironment(module, true).flatMap(({ call, callee, values }): Found[] => {
    if (callee.type !== 'MemberExpression' || !zod.has(nameOf(callee.object))) return [];
    if (!/^(?:safe)?parse(?:Async)?$/i.test(nameOf(callee.property))) return [];
    return inSchema(module, call, (call.arguments as Node[])[0]!, nameOf(callee.property) === 'parse', values);
  });
  // Without the library it is a schema only if it comes from elsewhere: much has a method of that name.
  return [...methods, ...functions].filter(
    ({ elsewhere, groups }) => zod.size > 0 || elsewhere !== null || groups.length > 0,
  );
}

/** `v.parse(v.object({…}), process.env)`. */
function inValibot(module: Module): Found[] {
  const names = importedFrom(module, /^valibot$/);
  if (names.size === 0) return [];
  return readsOfEnvironment(module, true).flatMap(({ call, callee, values }) => {
    const [head, tail] = nameOf(callee).split('.');
    const name = tail ?? names.get(head ?? '') ?? '';
    if (!names.has(head ?? '') || !/^(?:safeP|p)arse(?:Async)?$/.test(name)) return [];
    return inSchema(module, call, (call.arguments as Node[])[0]!, name === 'parse', values);
  });
}

/** `Joi.object({…}).validate(process.env)`. */
function inJoi(module: Module): Found[] {
  if (importedFrom(module, /^(?:@hapi\/)?joi$/).size === 0) return [];
  return readsOfEnvironment(module).flatMap(({ call, callee, values }) => {
    if (callee.type !== 'MemberExpression' || nameOf(callee.property) !== 'validate') return [];
    return inSchema(module, call, callee.object as Node, false, values);
  });
}

/** `validationSchema: Joi.object({…})`: Nest keeps the checked values inside its container. */
function inNest(module: Module): Found[] {
  if (importedFrom(module, /^(?:@hapi\/)?joi$/).size === 0) return [];
  return allNodes(module).flatMap((node) =>
    node.type === 'Property' && keyOf(node) === 'validationSchema'
      ? inSchema(module, node, node.value as Node, false, null)
      : [],
  );
}

/** The class that `plainToInstance()` and `validateSync()` check the environment with. */
function inClass(module: Module): Found[] {
  if (importedFrom(module, /^class-validator$/).size === 0) return [];
  const named = calls(module).filter(({ callee }) => /^plainTo(?:Instance|Class)$/.test(nameOf(callee)));
  return named.flatMap((call) => {
    const name = nameOf((call.arguments as Node[])[0]);
    const found = allNodes(module).find(({ type, id }) => type === 'ClassDeclaration' && nameOf(id) === name);
    return found
      ? [{ call, groups: [[slot(module, found.body as Node, 'class')]], elsewhere: null, skipped: null }]
      : [];
  });
}

function inSchema(module: Module, call: Node, schema: Node, holds: boolean, values: Node | null): Found[] {
  const more = values ? [[slot(module, values, 'value')]] : [];
  const bare = unwrap(schema);
  const imported = bare.type === 'Identifier' ? importOf(module, nameOf(bare)) : null;
  if (imported) return [{ call, holds, groups: more, elsewhere: imported, skipped: null }];
  const chain = chainOf(module, schema);
  if (!chain || chain.objects.length === 0) return [{ call, groups: [], elsewhere: null, skipped: computed }];
  const lists = chain.objects.map((object) => slot(module, object, 'validator'));
  return [{ call, holds: holds && chain.plain, groups: [lists, ...more], elsewhere: null, skipped: null }];
}

/** An object given in place, by a constant, or by an import. */
function from(
  module: Module,
  given: Node,
  form: Form,
  more: Slot[][] = [],
): Pick<Schema, 'groups' | 'elsewhere' | 'skipped'> {
  const bare = unwrap(given);
  const imported = bare.type === 'Identifier' ? importOf(module, nameOf(bare)) : null;
  if (imported) return { groups: more, elsewhere: imported, skipped: null };
  const chain = chainOf(module, given);
  if (!chain || chain.objects.length === 0) return { groups: [], elsewhere: null, skipped: computed };
  return {
    groups: [chain.objects.map((object) => slot(module, object, form)), ...more],
    elsewhere: null,
    skipped: null,
  };
}

/** The exported constant that is the call's value. */
function readerOf(module: Module, call: Node): string | null {
  return constantsOf(module).find(({ init, exported }) => exported !== null && unwrap(init) === call)?.exported ?? null;
}

/** A schema that no code of the module checks. */
export function unchecked(convention: string, groups: Slot[][]): Schema {
  const skipped = groups.length === 0 ? 'its variables are computed, not written out' : null;
  return { convention, groups, elsewhere: null, reader: null, emptyIsAbsent: false, skipped };
}
