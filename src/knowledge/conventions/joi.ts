import { schemaConvention } from './schema/definition.ts';

/** The packages of Joi, now and before. */
export const joiPackages = ['joi', '@hapi/joi'];

/** `Joi.object({…}).validate(process.env)`, `Joi.attempt(process.env, Joi.object({…}))`. Measured with joi 18.3. */
export const joi = schemaConvention({
  name: 'joi',
  packages: joiPackages,
  hands: /\.(?:validate(?:Async)?|attempt|assert)\(\s*(?:\{\s*\.\.\.\s*)?process\.env\b/,
  schemasIn(module, { argumentOf, importedNames, nameOf, readsOfEnvironment, schemaAt }) {
    const imported = importedNames(module, joiPackages);
    return readsOfEnvironment(module).flatMap(({ call, receiver, name, values }) => {
      const isSchema = /^validate(?:Async)?$/.test(name);
      const isGiven = /^(?:attempt|assert)$/.test(name) && receiver !== null && imported.has(nameOf(receiver));
      const schema = isGiven ? argumentOf(call, 1) : isSchema && receiver;
      if (!schema) return [];
      const found = schemaAt(module, call, schema, { values, holds: isGiven && name === 'attempt' });
      return imported.size > 0 || found.elsewhere ? [found] : [];
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
