import { schemaConvention } from './schema/definition.ts';

const packages = ['sury'];

/** `S.parseOrThrow(process.env, S.schema({…}))`. Measured with sury 11.0. */
export const sury = schemaConvention({
  name: 'sury',
  packages,
  schemasIn(module, { argumentOf, importedNames, nameOf, readsOfEnvironment, schemaAt }) {
    const imported = importedNames(module, packages);
    return readsOfEnvironment(module).flatMap(({ call, receiver, name, values }) => {
      const called = receiver ? name : (imported.get(name) ?? '');
      const schema = argumentOf(call, 1);
      if (!schema || called !== 'parseOrThrow' || (receiver && !imported.has(nameOf(receiver)))) return [];
      return [schemaAt(module, call, schema, { holds: true, values })];
    });
  },
  validators: [
    {
      imports: /^sury$/,
      initializer: ({ required }, { call }) =>
        required
          ? { text: call('string'), needs: ['string'] }
          : { text: `${call('optional')}(${call('string')})`, needs: ['optional', 'string'] },
    },
  ],
});
