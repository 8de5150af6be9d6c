import { schemaConvention } from './schema/definition.ts';

/** The packages of Joi, now and before. */
export const joiPackages = ['joi', '@hapi/joi'];

/** `Joi.object({…}).validate(process.env)`. Measured with joi 18.3. */
export const joi = schemaConvention({
  name: 'joi',
  packages: joiPackages,
  hands: /\.validate(?:Async)?\(\s*(?:\{\s*\.\.\.\s*)?process\.env\b/,
  schemasIn(module, { importedNames, readsOfEnvironment, schemaAt }) {
    const imported = importedNames(module, joiPackages).size > 0;
    return readsOfEnvironment(module).flatMap(({ call, receiver, name, values }) => {
      if (!receiver || !/^validate(?:Async)?$/.test(name)) return [];
      const found = schemaAt(module, call, receiver, { values });
      return imported || found.elsewhere ? [found] : [];
    });
  },
  validators: [
    {
      imports: /^(?:@hapi\/)?joi$/,
      namespaces: ['Joi'],
      initializer: ({ required }, { call }) => ({
        text: `${call('string')}()${required ? '.required()' : ".allow('')"}`,
        needs: ['string'],
      }),
    },
  ],
});
