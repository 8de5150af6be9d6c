import type { Module, Node } from '../../code/module.ts';
import { declaresAny } from './convention.ts';
import { type Syntax, schemaConvention } from './schema/definition.ts';
import type { WriteEntry } from './schema/entry.ts';

/** `env.schema` of an Astro config, also where it was experimental. */
export const astro = schemaConvention({
  name: 'astro',
  packages: ['astro'],
  ranked: false,
  files: (view) =>
    declaresAny(view, ['astro'])
      ? view.project.list('.').flatMap(({ name }) => (/^astro\.config\.[mc]?[jt]s$/.test(name) ? [name] : []))
      : [],
  schemasIn(module, syntax) {
    const given = schemaOf(module, syntax);
    if (!given) return [];
    const schema = syntax.resolve(module, given);
    if (schema?.type !== 'ObjectExpression') return [{ at: given, groups: [], leftAlone: syntax.computed }];
    return [{ at: given, groups: [[syntax.slot(module, schema, fieldWriter(module, syntax))]] }];
  },
});

function schemaOf(module: Module, { argumentOf, propertyOf, resolve }: Syntax): Node | null {
  const exported = module.body.find(({ type }) => type === 'ExportDefaultDeclaration')?.declaration as Node | undefined;
  const bare = exported && resolve(module, exported);
  const config = bare?.type === 'CallExpression' ? argumentOf(bare, 0) : bare;
  const at = (keys: string[]) =>
    keys.reduce<Node | null>((node, key) => {
      const object = node && resolve(module, node);
      return object?.type === 'ObjectExpression' ? propertyOf(object, key) : null;
    }, config ?? null);
  return at(['env', 'schema']) ?? at(['experimental', 'env', 'schema']);
}

/**
 * A field of the server's that may be absent. What it is called on: as the neighbour does it, else as it is imported,
 * else by an import of its own.
 */
function fieldWriter(module: Module, { importedNames }: Syntax): WriteEntry {
  const imported = [...importedNames(module, ['astro/config'])];
  return ({ neighbour, quote, variable: { name } }) => {
    const called = /:\s*([\w.]+)\.\w+\s*\(/.exec(neighbour.text)?.[1];
    const local = imported.find(([, one]) => one === 'envField')?.[0];
    const all = imported.find(([, one]) => one === '*')?.[0];
    const field = called ?? local ?? (all ? `${all}.envField` : null);
    const inValue = /["']/.exec(neighbour.text.slice(neighbour.key.length))?.[0];
    const q = inValue ?? /import[^;]{0,500}?(["'])/.exec(module.text)?.[1] ?? quote;
    const options = [`context: ${q}server${q}`, `access: ${q}secret${q}`, 'optional: true'];
    const opens = `${name}: ${field ?? 'envField'}.string({`;
    return {
      lines: [`${opens} ${options.join(', ')} })`],
      broken: (indent) => [opens, ...options.map((option) => `${indent}${option},`), '})'],
      ...(!field && { imports: { names: ['envField'], from: /^astro\/config$/ } }),
    };
  };
}
