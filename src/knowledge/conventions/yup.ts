import { schemaConvention } from './schema/definition.ts';

const packages = ['yup'];

/**
 * `yup.object({…}).validateSync(process.env)`. A string of Yup's may be absent or empty unless it is required. Measured
 * with yup 1.7.
 */
export const yup = schemaConvention({
  name: 'yup',
  packages,
  hands: /\.(?:validate(?:Sync)?|cast)\(\s*(?:\{\s*\.\.\.\s*)?process\.env\b/,
  schemasIn(module, { importedNames, readsOfEnvironment, schemaAt }) {
    const imported = importedNames(module, packages).size > 0;
    return readsOfEnvironment(module).flatMap(({ call, receiver, name, values }) => {
      if (!receiver || !/^(?:validate(?:Sync)?|cast)$/.test(name)) return [];
      const found = schemaAt(module, call, receiver, { holds: name !== 'validate', values, keeps: /^required$/ });
      return imported || found.elsewhere ? [found] : [];
    });
  },
  validators: [
    {
      imports: /^yup$/,
      initializer: ({ required }, { call }) => ({
        text: `${call('string')}()${required ? '.required()' : ''}`,
        needs: ['string'],
      }),
    },
  ],
});
