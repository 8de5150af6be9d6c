import type { KeyedValue, KeyedValues } from '../../../code/libraries.ts';
import { keyOf, type Module, type Node, propertyOf, textOf } from '../../../code/module.ts';
import { allNodes, resolve } from '../../../code/scope.ts';
import type { SourceCode } from '../../../code/source-code.ts';
import { once } from '../../../memo.ts';

/** Modules that bring the function, which Nuxt and Nitro also make a global. */
const modules = /^(?:#imports|#app|#nitro|nuxt\/app|(?:nitropack|nitro)(?:\/.*)?)$/;

/**
 * The runtime config of Nuxt and Nitro: `useRuntimeConfig().database.url` is what the config says, which
 * `NUXT_DATABASE_URL` overrides at run time.
 */
export async function nuxtConfig(code: SourceCode): Promise<KeyedValues | null> {
  const file = code.project
    .list('.')
    .find(({ name, kind }) => kind === 'file' && /^(?:nuxt|nitro)\.config\.[mc]?[jt]s$/.test(name))?.name;
  if (file === undefined) return null;
  const prefix = file.startsWith('nuxt') ? 'NUXT' : 'NITRO';
  const values = once(() => configsIn(code, file));
  return {
    isAskedOf: (from, name) => name === 'useRuntimeConfig' && (from === null || modules.test(from)),
    at: (keys) => {
      const asked = values().map((one): KeyedValue => ({ ...one, keys }));
      const written = asked.flatMap(({ module, node }) => textAt(module, node, keys) ?? []);
      return { variables: written.length > 0 ? [[prefix, ...keys.map(inCapitals)].join('_')] : [], values: asked };
    },
  };
}

/** What stands under `runtimeConfig` in the config. */
function configsIn(code: SourceCode, file: string): { module: Module; node: Node }[] {
  const module = code.module(file);
  if (!module) return [];
  return allNodes(module).flatMap((node) => {
    const isConfig = node.type === 'Property' && keyOf(node) === 'runtimeConfig';
    return isConfig ? [{ module, node: node.value as Node }] : [];
  });
}

/** The text that is written out at a way into an object; null where there is none, or something else. */
function textAt(module: Module, node: Node, keys: readonly string[]): string | null {
  let value = resolve(module, node);
  for (const key of keys) {
    const inner: Node | null = value?.type === 'ObjectExpression' ? propertyOf(value, key) : null;
    value = inner && resolve(module, inner);
  }
  return textOf(value);
}

/** `databaseUrl` as `DATABASE_URL`. */
function inCapitals(key: string): string {
  return key.replace(/([a-z\d])([A-Z])/g, '$1_$2').toUpperCase();
}
