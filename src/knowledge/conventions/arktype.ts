import { schemaConvention } from './schema/definition.ts';
import type { WriteEntry } from './schema/entry.ts';

const packages = ['arktype'];

/** ArkType's own notation for a string that may be absent: `'NAME?': 'string'`. */
export const notation: WriteEntry = ({ quote, variable: { name, required } }) => ({
  lines: [`${required ? name : `${quote}${name}?${quote}`}: ${quote}string${quote}`],
});

/** `type({…})(process.env)`, `Env.assert(process.env)`, `Env(process.env)`. Measured with arktype 2.2. */
export const arktype = schemaConvention({
  name: 'arktype',
  packages,
  schemasIn(module, { argumentOf, importedNames, listAt, nameOf, readsOfEnvironment, resolve }) {
    const imported = importedNames(module, packages);
    return readsOfEnvironment(module).flatMap(({ call, receiver, name }) => {
      const asserts = receiver !== null && name === 'assert';
      const behind = resolve(module, receiver ?? (call.callee as typeof call));
      if (behind?.type !== 'CallExpression' || !imported.has(nameOf(behind.callee))) return [];
      const given = argumentOf(behind, 0);
      return given ? [{ ...listAt(module, behind, given, notation), at: call, holds: asserts }] : [];
    });
  },
  validators: [
    {
      imports: /^arktype$/,
      initializer: ({ required }, { call }) => ({
        text: `${call('type')}('string${required ? '' : ' | undefined'}')`,
        needs: ['type'],
      }),
    },
  ],
});
