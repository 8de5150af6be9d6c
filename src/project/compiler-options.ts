import type { Compiler } from '../types/facts.ts';

/** The compiler options that are asked about, as they stand in a tsconfig: of any type. */
export interface CompilerOptions {
  allowSyntheticDefaultImports?: unknown;
  esModuleInterop?: unknown;
  lib?: unknown;
  module?: unknown;
  moduleResolution?: unknown;
  noPropertyAccessFromIndexSignature?: unknown;
  target?: unknown;
  typeRoots?: unknown;
  types?: unknown;
}

/** Modules as Node has them, with the target that each brings where none is set. */
const nodeModules: Record<string, string> = {
  node16: 'es2022',
  node18: 'es2022',
  node20: 'es2023',
  nodenext: 'esnext',
};

/**
 * What those options mean under that major version of TypeScript. Where that is not known (null), or where nothing says
 * for which platform the code is, nothing is made of the old defaults, which lack much.
 */
export function compilerFor(options: CompilerOptions, major: number | null): Compiler {
  const { lib, module, moduleResolution, target } = options;
  const isSilent = [lib, module, moduleResolution, target].every((option) => option === undefined);
  const isOld = major !== null && major < 6 && !isSilent;
  return {
    bracketed: options.noPropertyAccessFromIndexSignature === true,
    nodeTypes: hasNode(options, major === null || major < 6),
    errorCause: knowsCause(options, isOld),
    packageExports: readsExports(options, isOld),
    defaultImports: takesDefaults(options, isOld),
  };
}

/**
 * Whether Node's types are there without being asked for: since TypeScript 6 only those are that `types` names, and
 * before all that stand in the roots of types.
 */
function hasNode({ types, typeRoots }: CompilerOptions, isOld: boolean): boolean {
  if (Array.isArray(types)) return types.some((name) => /^(?:\*|node|bun|@types\/(?:node|bun)|bun-types)$/.test(name));
  const inRoots = !Array.isArray(typeRoots) || typeRoots.some((root) => /\/@types\/?$/.test(root));
  return isOld && inRoots;
}

/** Whether `new Error(message, { cause })` is in its library: since ES2022. */
function knowsCause({ lib, module, target }: CompilerOptions, isOld: boolean): boolean {
  const isNew = (name: unknown) => /^(?:es2022(?:\.error)?|es20(?:2[3-9]|[3-9]\d)|esnext)$/i.test(String(name));
  if (Array.isArray(lib)) return lib.some(isNew);
  return isNew(target ?? nodeModules[lower(module)] ?? (isOld ? 'es5' : 'esnext'));
}

/** Whether a subpath of a package is found by that package's `exports`. */
function readsExports({ module, moduleResolution }: CompilerOptions, isOld: boolean): boolean {
  if (moduleResolution !== undefined) return !/^(?:node|node10|classic)$/.test(lower(moduleResolution));
  return !isOld || isNodes(module) || lower(module) === 'preserve';
}

/** Whether what a CommonJS package exports as a whole may be taken by a default import. */
function takesDefaults(options: CompilerOptions, isOld: boolean): boolean {
  const { allowSyntheticDefaultImports: allowed, esModuleInterop: interop, module, moduleResolution } = options;
  if (!isOld || allowed === true) return true;
  if (typeof interop === 'boolean') return interop;
  return allowed !== false && (isNodes(module) || [module, moduleResolution].some((one) => isBundled(one)));
}

function isNodes(module: unknown): boolean {
  return Object.hasOwn(nodeModules, lower(module));
}

function isBundled(option: unknown): boolean {
  return /^(?:preserve|bundler|system)$/.test(lower(option));
}

function lower(option: unknown): string {
  return String(option).toLowerCase();
}
