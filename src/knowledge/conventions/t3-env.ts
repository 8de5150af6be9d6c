import { schemaConvention } from './schema/definition.ts';

const packages = ['@t3-oss/env-core', '@t3-oss/env-nextjs', '@t3-oss/env-nuxt'];

/** t3-env's `createEnv`: the list `server`, and the list of the values where those are written out. */
export const t3Env = schemaConvention({
  name: 't3-env',
  packages,
  mentions: /\bcreateEnv\b/,
  schemasIn(module, syntax) {
    const { argumentOf, callsTo, computed, fromBundler, listAt, propertyOf, resolve } = syntax;
    return callsTo(module, packages, ['createEnv']).map((at) => {
      const given = argumentOf(at, 0);
      const options = given ? resolve(module, given) : null;
      if (options?.type !== 'ObjectExpression') return { at, groups: [], leftAlone: computed };
      const server = propertyOf(options, 'server');
      if (!server) return { at, groups: [], leftAlone: withoutServer };
      const sources = ['runtimeEnv', 'runtimeEnvStrict'].flatMap((key) => propertyOf(options, key) ?? []);
      if (sources.some((source) => syntax.readsBundler(module, source)))
        return { at, groups: [], leftAlone: fromBundler };
      const objects = sources.flatMap((source) => resolve(module, source) ?? []);
      // `{ ...process.env, X: … }` has every variable already.
      const values = objects.filter((object) => object.type === 'ObjectExpression' && !syntax.spreads(object));
      const more = values.map((object) => [syntax.slot(module, object, syntax.mirrored)]);
      const list = listAt(module, at, server, syntax.validated);
      return {
        ...list,
        groups: list.leftAlone ? [] : [...list.groups, ...more],
        holds: propertyOf(options, 'createFinalSchema') === null,
        emptyIsAbsent: propertyOf(options, 'emptyStringAsUndefined')?.value === true,
      };
    });
  },
});

const withoutServer = { code: 'computed', message: 'its `createEnv` has no `server`' } as const;
