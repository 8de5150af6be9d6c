import { type Module, type Node, nameOf, requiredBy, unwrap } from './module.ts';
import { bindingOf } from './scope.ts';

/** How programs name the environment: Node, Bun, and what bundlers put in. */
const environments = ['process.env', 'Bun.env', 'import.meta.env', 'globalThis.process.env', 'global.process.env'];

/** Modules whose `env` is the environment. */
const environmentModules = /^(?:node:process|process|bun|\$env\/dynamic\/(?:private|public)|cloudflare:workers)$/;

/** Modules whose exports are the variables themselves. */
const variableModules = /^(?:\$env\/static\/(?:private|public)|astro:env\/(?:server|client))$/;

/** Functions of the platform that give a variable by its name. */
const getters = ['Deno.env.get', 'Netlify.env.get'];

/** Whether an expression is the environment itself, named as the platform names it. */
export function isEnvironment(module: Module, node: Node): boolean {
  const name = nameOf(node);
  if (name === '') return false;
  const [root = '', ...path] = name.split('.');
  const isNamed = environments.includes(name);
  // `env` of a module, or of a module that is imported as a whole.
  const isPart = root !== '' && ['', 'env'].includes(path.join('.'));
  const from = isNamed || isPart ? sourceOfRoot(module, node) : null;
  if (isNamed) return from === null || environmentModules.test(from.from);
  if (!from || !environmentModules.test(from.from)) return false;
  return path.length > 0 ? from.name !== 'env' : from.name === 'env';
}

/** Whether a call is one of the platform's that gives a variable by its name. */
export function isGetter(module: Module, callee: Node): boolean {
  return getters.includes(nameOf(callee)) && sourceOfRoot(module, callee) === null;
}

/** Whether a module's exports are variables of the environment. */
export function holdsVariables(specifier: string): boolean {
  return variableModules.test(specifier);
}

/** Where the name that an expression begins with comes from; null for a global, `''` for what is declared otherwise. */
function sourceOfRoot(module: Module, node: Node): { from: string; name: string } | null {
  let one = unwrap(node);
  while (one.type === 'MemberExpression') one = unwrap(one.object as Node);
  const binding = one.type === 'Identifier' ? bindingOf(module, one) : null;
  if (!binding) return null;
  if (binding.kind === 'import') return { from: binding.from, name: binding.imported };
  return { from: requiredBy(binding.init) ?? '', name: binding.keys.join('.') || '*' };
}
