import { schemaConvention } from './schema/definition.ts';

const packages = ['@sinclair/typebox', 'typebox'];

/** `Value.Parse(Type.Object({…}), process.env)`. Measured with @sinclair/typebox 0.34. */
export const typebox = schemaConvention({
  name: 'typebox',
  packages,
  schemasIn(module, { argumentOf, importedNames, nameOf, readsOfEnvironment, schemaAt }) {
    const imported = importedNames(module, packages);
    return readsOfEnvironment(module, true).flatMap(({ call, receiver, name, values }) => {
      if (!receiver || !imported.has(nameOf(receiver)) || !/^(?:Parse|Decode|Check|Assert|Cast)$/.test(name)) return [];
      return [schemaAt(module, call, argumentOf(call, 0)!, { holds: name === 'Parse' || name === 'Decode', values })];
    });
  },
  validators: [
    {
      imports: /^(?:@sinclair\/)?typebox$/,
      namespaces: ['Type', 't'],
      initializer: ({ required }, { call }) =>
        required
          ? { text: `${call('String')}()`, needs: ['String'] }
          : { text: `${call('Optional')}(${call('String')}())`, needs: ['Optional', 'String'] },
    },
  ],
});
