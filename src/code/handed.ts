import { once } from '../memo.ts';
import { type Call, callersIn } from './callers.ts';
import { definitionOf } from './definitions.ts';
import type { Enters } from './follow.ts';
import { constructorOf } from './functions.ts';
import { keyOf, type Module, type Node, nameOf, requiredBy, unwrap } from './module.ts';
import { isOwnCode } from './reaching.ts';
import { ancestorsOf, bindingOf, callsIn, resolve } from './scope.ts';
import type { SourceCode } from './source-code.ts';
import { type TracedParameter, trace } from './trace.ts';

/** A variable that a call of something of a package is handed. */
export interface Handed {
  variable: string;
  /** The file of the call. */
  path: string;
  /** As it is written: `new Pool`, `mongoose.connect`. */
  callee: string;
  /** The specifier of the package, and what of it is called. */
  from: string;
  name: string;
  /** What the options that were asked for hold in the call, as far as that is written out; traced when it is asked. */
  options(): string[];
  /** Whether the variable is the argument itself, or an option of it, not deeper; traced when it is asked. */
  near(): boolean;
  /** Names of what stands around the call: variables, classes, functions, the nearest first. */
  within: string[];
}

/** What is looked for in the code; it knows no package and no variable itself. */
export interface Interest {
  isName(text: string): boolean;
  /** Whether calls of what a specifier brings are wanted. */
  isPackage(specifier: string): boolean;
  /** Whether something that such a package brings can be handed a connection at all. */
  isHanded(from: string, name: string): boolean;
  /** How many of the arguments that a call of it is given cannot hold a connection: those before it. */
  argumentsBefore(from: string, name: string): number;
  /** Options of such calls that say what they are about. */
  options: readonly string[];
}

/** A call of a package. */
interface PackageCall extends Omit<Handed, 'variable' | 'path' | 'options' | 'near'> {
  /** Whether it is of what another call of the package gave, as a command of a client is. */
  given: boolean;
  /** Where it stands, for its options. */
  at: Call;
}

/** A call of a package that is handed parameters of a function: who calls that function hands it the variables. */
interface Pending {
  module: Module;
  owner: Node;
  parameters: readonly TracedParameter[];
  call: PackageCall;
  /** The variables that it is handed beside them, on this way. */
  beside: readonly string[];
}

/** Functions that hand a parameter on to functions that do. */
const rounds = 3;

/**
 * The variables that calls of packages are handed, wherever they are read: by the calls of `worth`, and by those in
 * `files` who call a function of theirs that makes such a call. `enters`: into which modules what is called is
 * followed.
 */
export function handedIn(
  code: SourceCode,
  { worth, files, enters }: { worth: readonly string[]; files: readonly string[]; enters: Enters },
  interest: Interest,
): Handed[] {
  const search: Search = {
    ...interest,
    code,
    found: [],
    enters,
    callersOf: callersIn(code, files),
  };
  let pending = worth.flatMap((file) => {
    const module = code.module(file);
    return (module ? callsIn(module, null) : []).flatMap((node) => {
      const call = callOf(search, module!, node);
      return call ? collect(search, module!, givenTo(search, node, call), { call, beside: [] }) : [];
    });
  });
  const known = new Set<string>();
  for (let round = 0; round < rounds && pending.length > 0; round += 1) {
    pending = pending.flatMap((one) => {
      const { module, owner, call } = one;
      const parameters = one.parameters.filter(({ index, keys }) => {
        const key = [module.path, owner.start, index, ...keys, call.from, call.callee].join();
        return !known.has(key) && known.add(key);
      });
      return parameters.length > 0 ? handedBy(search, { ...one, parameters }) : [];
    });
  }
  return search.found;
}

function givenTo({ argumentsBefore }: Interest, node: Node, { from, name }: PackageCall): Argument[] {
  const given = node.arguments as Node[];
  return given.slice(argumentsBefore(from, name)).map((one) => ({ node: one, keys: [] }));
}

/** Traces what a call is given: variables are found, and with them those beside; parameters are pending. */
function collect(
  search: Search,
  module: Module,
  given: readonly Argument[],
  { call, beside }: Pick<Pending, 'call' | 'beside'>,
): Pending[] {
  const { code, isName, isPackage, found } = search;
  const { given: ofGiven, at, ...told } = call;
  const options = () => optionsOf(search, at);
  const here = new Set<string>();
  const parameters = given.flatMap(({ node, keys }) => {
    const traced = trace(code, { module, node, keys }, isName, { speaks: isPackage });
    const names = new Set(traced.variables.map((one) => one.name).filter(isName));
    const far = once(() => farIn(code, module, node, isName));
    for (const variable of names) {
      found.push({ ...told, options, variable, path: module.path, near: () => !far().includes(variable) });
      here.add(variable);
    }
    return traced.parameters;
  });
  if (here.size > 0)
    for (const variable of beside)
      if (!here.has(variable)) found.push({ ...told, options, variable, path: module.path, near: () => false });
  // The commands of a client are handed data by all the program.
  if (ofGiven) return [];
  const owners = [...new Set(parameters.map(({ owner }) => owner))];
  return owners.map((owner) => {
    const own = parameters.filter((one) => one.owner === owner);
    return { module: own[0]!.module, owner, parameters: own, call, beside: [...beside, ...here] };
  });
}

interface Argument {
  node: Node;
  keys: readonly string[];
}

interface Search extends Interest {
  code: SourceCode;
  /** Whether a module of the project may hold what is looked for, so that a name is followed into it. */
  enters: Enters;
  found: Handed[];
  callersOf: ReturnType<typeof callersIn>;
}

/** The variables that stand in an argument deeper than in its own options. */
function farIn(code: SourceCode, module: Module, node: Node, isName: Interest['isName']): string[] {
  const object = resolve(module, node);
  if (object?.type !== 'ObjectExpression') return [];
  return (object.properties as Node[]).flatMap(({ value }) => {
    const inner = value ? resolve(module, value as Node) : null;
    return inner?.type === 'ObjectExpression'
      ? trace(code, { module, node: inner }, isName).variables.map(({ name }) => name)
      : [];
  });
}

/** A call of something that a wanted package brings, or one that is handed such a thing itself, as a plugin is. */
function callOf(search: Search, module: Module, node: Node): PackageCall | null {
  const given = node.arguments as Node[];
  const called = packaged(search, module, node.callee as Node);
  const plugin = called ? null : given.map((one) => pluginOf(search, module, one)).find((one) => one !== null);
  const { from, name, given: ofGiven } = called ?? plugin ?? {};
  if (from === undefined || name === undefined || !search.isHanded(from, name)) return null;
  const written = plugin ? plugin.written : nameOf(node.callee);
  const callee = `${node.type === 'NewExpression' || isSuper(node) ? 'new ' : ''}${written || name}`;
  const within = namesAround(module, node);
  return { callee, from, name, within, given: ofGiven === true, at: { module, node } };
}

/** What the options that are asked for hold in a call, or one level deeper in it. */
function optionsOf({ code, options }: Search, { module, node }: Call): string[] {
  const ways = options.flatMap((key) => [[key], ['*', key]]);
  const held = (node.arguments as Node[]).flatMap((one) =>
    ways.flatMap((keys) => trace(code, { module, node: one, keys }, no).literals),
  );
  return [...new Set(held.filter((one) => typeof one === 'string'))];
}

const no = () => false;

function isSuper({ callee }: Node): boolean {
  return (callee as Node).type === 'Super';
}

/** Classes that extend one another: more are nobody's code. */
const depth = 10;
/** Methods of a promise, whatever it promises. */
const ofPromises = /(?:^|\.)(?:then|catch|finally)$/;

function packaged({ code, isPackage, enters }: Search, module: Module, node: Node) {
  let definition = isOwnCode(code, module, node) ? null : definitionOf(code, module, node, enters);
  for (let passed = 0; passed < depth && definition?.kind === 'class' && !constructorOf(definition.node); passed += 1) {
    // It is made as what it extends.
    const extended: Node | null = definition.node.superClass as Node | null;
    definition = extended && definitionOf(code, definition.module, extended, enters);
  }
  if (definition?.kind !== 'package' || !isPackage(definition.from)) return null;
  return ofPromises.test(definition.name) ? null : definition;
}

/** An argument that is what a package brings, as it was imported. */
function pluginOf(search: Search, module: Module, node: Node) {
  const bare = unwrap(node);
  const binding = bare.type === 'Identifier' ? bindingOf(module, bare) : null;
  const brought = requiredBy(bare) ?? (binding?.kind === 'import' ? binding.from : requiredBy(binding?.init));
  if (brought === null || !search.isPackage(brought)) return null;
  const definition = packaged(search, module, bare);
  return definition && { ...definition, written: nameOf(bare) || brought };
}

/** What stands around a call by name: the variable or field it is put into, functions and classes. */
function namesAround(module: Module, node: Node): string[] {
  return [...ancestorsOf(module, node)].flatMap((one) => {
    if (one.type === 'VariableDeclarator' || /^(?:Function|Class)/.test(one.type)) return nameOf(one.id) || [];
    if (one.type === 'AssignmentExpression') return nameOf(one.left) || [];
    return /^(?:Property|PropertyDefinition|MethodDefinition)$/.test(one.type) ? keyOf(one) || [] : [];
  });
}

/** Hands pending parameters what those give who call their function. */
function handedBy(search: Search, { module: home, owner, parameters, call, beside }: Pending): Pending[] {
  return search.callersOf(home, owner).flatMap(({ module, node }) => {
    const given = node.arguments as Node[];
    const places = parameters.flatMap(({ index, keys }) => (given[index] ? [{ node: given[index], keys }] : []));
    return collect(search, module, places, { call, beside });
  });
}
