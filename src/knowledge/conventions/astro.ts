import { type Module, type Node, propertyOf } from '../../code/module.ts';
import { resolve } from '../../code/scope.ts';
import { type Schema, unchecked } from './schemas.ts';
import { slot } from './slots.ts';

/** `env.schema` of an Astro config, also where it was experimental. */
export function inAstro(module: Module): Schema[] {
  const exported = module.body.find(({ type }) => type === 'ExportDefaultDeclaration')?.declaration as Node | undefined;
  const bare = exported && resolve(module, exported);
  const config = bare?.type === 'CallExpression' ? (bare.arguments as Node[])[0] : bare;
  const given = ['env', 'experimental.env'].flatMap((at) => {
    const found = [...at.split('.'), 'schema'].reduce<Node | null>((node, key) => {
      const object = node && resolve(module, node);
      return object?.type === 'ObjectExpression' ? propertyOf(object, key) : null;
    }, config ?? null);
    return found ?? [];
  })[0];
  if (!given) return [];
  const schema = resolve(module, given);
  return [unchecked('astro', schema?.type === 'ObjectExpression' ? [[slot(module, schema, 'astro')]] : [])];
}
