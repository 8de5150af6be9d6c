import { literally } from '../../pattern.ts';
import { schemaConvention } from './schema/definition.ts';
import { byFunctions, type Validator } from './schema/validator.ts';

const packages = ['zod', '@zod/mini', '@hono/zod-openapi', 'astro/zod'];

/** zod's entry points without methods: what would be a method elsewhere is a function there, however it is imported. */
const mini: Validator = {
  imports: /^(?:zod\/(?:v\d+[-/])?mini|@zod\/mini)$/,
  namespaces: ['z'],
  initializer: byFunctions,
};

/** Measured with zod 4.6 and 3.25, and with znv 0.5, which hands on zod's `z`. */
const methods: Validator = {
  imports: /^(?:zod(?!\/(?:v\d+[-/])?mini)(?:\/.*)?|@hono\/zod-openapi|astro\/zod|znv)$/,
  namespaces: ['z'],
  initializer({ required, sibling, emptyIsAbsent }, { namespace, call }) {
    const string = `${call('string')}()`;
    if (sibling?.startsWith(`${call('optional')}(`))
      return required
        ? { text: string, needs: ['string'] }
        : { text: `${call('optional')}(${string})`, needs: ['optional', 'string'] };
    const strict = (namespace && plainString(sibling, namespace)) ?? `${string}.min(1)`;
    return { text: required ? strict : `${emptyIsAbsent ? strict : string}.optional()`, needs: ['string'] };
  },
};

/** The initializer of the same family where it is a plain string or URL, without what makes it optional. */
function plainString(text: string | null, z: string): string | null {
  const bare = text?.replaceAll(/\s/g, '').replace(/\.optional\(\)$/, '') ?? '';
  const checks = '(?:\\.(?:min\\(1\\)|url\\(\\)|trim\\(\\)|nonempty\\(\\)))*';
  return new RegExp(`^${literally(z)}\\.(?:string\\(\\)${checks}|url\\(\\))$`).test(bare) ? bare : null;
}

/**
 * `z.object({…}).parse(process.env)`, also by way of constants and with refinements in between; `z.parse(schema,
 * process.env)`.
 */
export const zod = schemaConvention({
  name: 'zod',
  packages,
  hands: /parse(?:Async)?\(\s*(?:\{\s*\.\.\.\s*)?process\.env\b/i,
  schemasIn(module, { argumentOf, importedNames, nameOf, readsOfEnvironment, schemaAt }) {
    const imported = importedNames(module, packages);
    const onSchema = readsOfEnvironment(module).flatMap(({ call, receiver, name, values }) => {
      if (!receiver || !parses.test(name) || imported.has(nameOf(receiver))) return [];
      return [schemaAt(module, call, receiver, { holds: name === 'parse', values })];
    });
    const onLibrary = readsOfEnvironment(module, true).flatMap(({ call, receiver, name, values }) => {
      const called = receiver ? name : (imported.get(name) ?? '');
      if (!parses.test(called) || (receiver && !imported.has(nameOf(receiver)))) return [];
      return [schemaAt(module, call, argumentOf(call, 0)!, { holds: called === 'parse', values })];
    });
    // Without the library it is a schema only if it comes from elsewhere: much has a method of that name.
    return [...onSchema, ...onLibrary].filter(
      ({ elsewhere, groups }) => imported.size > 0 || elsewhere || groups.length > 0,
    );
  },
  validators: [mini, methods],
});

const parses = /^(?:safe)?parse(?:Async)?$/i;
