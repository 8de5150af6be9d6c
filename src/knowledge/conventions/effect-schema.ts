import { schemaConvention } from './schema/definition.ts';

const packages = ['effect', '@effect/schema'];

/**
 * `Schema.decodeUnknownSync(Schema.Struct({…}))(process.env)`; as an entry of t3-env's, each schema is made a standard
 * one first. Measured with effect 3.22.
 */
export const effectSchema = schemaConvention({
  name: 'effect-schema',
  packages,
  schemasIn(module, { argumentOf, importedNames, methodOf, nameOf, readsOfEnvironment, schemaAt }) {
    const imported = importedNames(module, packages);
    return readsOfEnvironment(module).flatMap(({ call, values }) => {
      const decoder = call.callee as typeof call;
      if (decoder.type !== 'CallExpression') return [];
      const made = decoder.callee as typeof call;
      const receiver = nameOf((made as { object?: unknown }).object).split('.')[0]!;
      if (!imported.has(receiver) || !/^(?:decode|validate)(?:Unknown)?Sync$/.test(methodOf(made))) return [];
      const schema = argumentOf(decoder, 0);
      return schema ? [schemaAt(module, call, schema, { holds: true, values })] : [];
    });
  },
  validators: [
    {
      imports: /^(?:effect(?:\/Schema)?|@effect\/schema(?:\/Schema)?)$/,
      namespaces: ['Schema'],
      initializer({ required, beside }, { call }) {
        const string = call('String');
        if (beside.includes('standardSchemaV1('))
          return {
            text: `${call('standardSchemaV1')}(${required ? string : `${call('UndefinedOr')}(${string})`})`,
            needs: ['standardSchemaV1', 'String', ...(required ? [] : ['UndefinedOr'])],
          };
        return required
          ? { text: string, needs: ['String'] }
          : { text: `${call('optional')}(${string})`, needs: ['optional', 'String'] };
      },
    },
  ],
});
