import path from 'node:path';
import { inFolder, type Project } from '../project/project.ts';
import { keyOf, type Node, nameOf, nodesIn, propertyOf, textOf, unwrap } from './module.ts';
import { parseModule } from './parse.ts';
import { resolve } from './scope.ts';

/** A specifier, or its beginning up to a slash, and the path of the project that stands for it. */
export interface Alias {
  find: string;
  target: string;
}

/** Configs of bundlers, whatever they are called; those of test runners put stubs in the place of modules. */
const config = /^(?!vitest|jest|cypress|playwright)[\w.-]+\.config\.[mc]?[jt]s$/;

/**
 * The aliases that configs of bundlers in a folder give, of Vite and those that take the same: `alias: { '@': path }`
 * and `alias: [{ find, replacement }]`. A config is parsed only where its text has the word.
 */
export function bundlerAliases(project: Project, folder: string): Alias[] {
  const names = project.list(folder).flatMap(({ name, kind }) => (kind === 'file' && config.test(name) ? [name] : []));
  return names.flatMap((name) => {
    const text = project.read(inFolder(folder, name)) ?? '';
    const module = /\balias\b/.test(text) ? parseModule(text, name, false) : null;
    const held = nodesIn(module?.body).filter((one) => one.type === 'Property' && keyOf(one) === 'alias');
    return held.flatMap(({ value }) => aliasesIn(resolve(module!, value as Node) ?? unwrap(value as Node), folder));
  });
}

/** The paths that a specifier may stand for. */
export function targetsOf(aliases: readonly Alias[], specifier: string): string[] {
  return aliases.flatMap(({ find, target }) => {
    const bare = find.replace(/\/$/, '');
    const isOf = specifier === bare || specifier.startsWith(`${bare}/`);
    return isOf ? [path.posix.join(target, specifier.slice(bare.length))] : [];
  });
}

function aliasesIn(node: Node, folder: string): Alias[] {
  const pairs =
    node.type === 'ArrayExpression'
      ? (node.elements as (Node | null)[]).flatMap((one) => {
          const entry = one && unwrap(one);
          if (entry?.type !== 'ObjectExpression') return [];
          return [{ find: textOf(propertyOf(entry, 'find')), value: propertyOf(entry, 'replacement') }];
        })
      : ((node.properties ?? []) as Node[]).map((one) => ({ find: keyOf(one), value: one.value as Node | undefined }));
  return pairs.flatMap(({ find, value }) => {
    const target = value && pathIn(value);
    return find && target ? [{ find, target: path.posix.join(folder, target) }] : [];
  });
}

/**
 * The path that an expression names, from the folder of the config: what is written in `path.resolve(__dirname, 'src')`
 * and in `fileURLToPath(new URL('./src', import.meta.url))`, one after the other. Whether there is such a file says
 * whether it is right.
 */
function pathIn(value: Node): string | null {
  const calls = nodesIn(value).filter(({ callee }) => callee && nameOf(callee) === 'require.resolve');
  const written = nodesIn(value).flatMap((one) => textOf(one) ?? []);
  return calls.length > 0 || written.length === 0 ? null : path.posix.join(...written);
}
