import type { Project } from '../project/project.ts';
import { aside } from '../project/source-files.ts';
import { importersOf, specifiersIn } from './importers.ts';
import { type Module, type Node, nameOf, textOf, unwrap } from './module.ts';
import { allNodes, bindingOf } from './scope.ts';
import type { SourceCode } from './source-code.ts';
import { compilerOptionsOf } from './tsconfig.ts';

/** An exported name of a module. */
interface Exported {
  file: string;
  exported: string;
}

/**
 * The file that calls a method of an exported client after which nothing else can use its connection; null where none
 * does.
 */
export function blockedIn(code: SourceCode, client: Exported, methods: readonly string[]): string | null {
  const calling = new RegExp(`\\.(?:${methods.join('|')})\\s*\\(|\\bBLOCK\\b`, 'i');
  const waiting = code.files.filter((file) => calling.test(code.project.read(file) ?? ''));
  const own = waiting.includes(client.file) && blocks(code, client.file, client, methods) ? client.file : null;
  if (own) return own;
  for (const { path } of importersOf(code, waiting, client.file)) if (blocks(code, path, client, methods)) return path;
  return null;
}

function blocks(code: SourceCode, path: string, client: Exported, methods: readonly string[]): boolean {
  const module = code.module(path);
  if (!module) return false;
  return allNodes(module).some((node) => {
    const callee = node.type === 'CallExpression' ? unwrap(node.callee as Node) : null;
    if (callee?.type !== 'MemberExpression' || callee.computed) return false;
    const waits = methods.includes(nameOf(callee.property).toLowerCase()) || saysBlock(node);
    return waits && isClient(code, module, callee.object as Node, client);
  });
}

/** `xread('BLOCK', 0, …)`, `xRead(…, { BLOCK: 0 })`. */
function saysBlock({ arguments: given }: Node): boolean {
  return (given as Node[]).some((one) => {
    const keys = one.type === 'ObjectExpression' ? (one.properties as Node[]).map(({ key }) => nameOf(key)) : [];
    return textOf(one)?.toUpperCase() === 'BLOCK' || keys.includes('BLOCK');
  });
}

function isClient(code: SourceCode, module: Module, node: Node, { file, exported }: Exported): boolean {
  const bare = unwrap(node);
  const binding = bare.type === 'Identifier' ? bindingOf(module, bare) : null;
  if (!binding) return false;
  if (binding.kind === 'import')
    return binding.imported === exported && code.leadTo(module.path, binding.from) === file;
  return module.path === file && binding.name === exported;
}

/**
 * A relative import as this project writes them: with `.js`, `.ts` or nothing behind the name; where it has none, as
 * its compiler demands.
 */
export function relativeStyle(code: SourceCode): string {
  for (const file of code.files) {
    if (aside.test(file) || !/from\s*['"]\.{1,2}\//.test(code.project.read(file) ?? '')) continue;
    const specifier = specifiersIn(code.module(file)).find((one) => /^\.{1,2}\/./.test(one));
    if (specifier) return `./x${/\.[mc]?[jt]s$/.exec(specifier)?.[0] ?? ''}`;
  }
  return styleByCompiler(code.project);
}

/** A relative import as the project's compiler demands it: of a module without any other to be like. */
export function styleByCompiler(project: Project): string {
  const options = compilerOptionsOf(project, '.');
  if (!options) return './x.js';
  if (options.allowImportingTsExtensions === true) return './x.ts';
  const resolution = [options.module, options.moduleResolution].map((one) => String(one).toLowerCase());
  return resolution.some((one) => /^node(?:16|18|20|next)$/.test(one)) ? './x.js' : './x';
}
