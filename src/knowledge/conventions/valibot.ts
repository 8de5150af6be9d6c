import { schemaConvention } from './schema/definition.ts';
import { byFunctions } from './schema/validator.ts';

const packages = ['valibot'];

/** `v.parse(v.object({…}), process.env)`. Measured with valibot 1.5. */
export const valibot = schemaConvention({
  name: 'valibot',
  packages,
  schemasIn(module, { argumentOf, importedNames, nameOf, readsOfEnvironment, schemaAt }) {
    const imported = importedNames(module, packages);
    return readsOfEnvironment(module, true).flatMap(({ call, receiver, name, values }) => {
      const called = receiver ? name : (imported.get(name) ?? '');
      if (!/^(?:safeP|p)arse(?:Async)?$/.test(called) || (receiver && !imported.has(nameOf(receiver)))) return [];
      return [schemaAt(module, call, argumentOf(call, 0)!, { holds: called === 'parse', values })];
    });
  },
  validators: [{ imports: /^valibot$/, initializer: byFunctions }],
});
