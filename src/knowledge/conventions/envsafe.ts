import { schemaConvention } from './schema/definition.ts';

const packages = ['envsafe'];

/** `envsafe({…})`. Measured with envsafe 2.0. */
export const envsafe = schemaConvention({
  name: 'envsafe',
  packages,
  mentions: /\benvsafe\b/,
  schemasIn: (module, { callLists }) => callLists(module, packages, ['envsafe']),
  validators: [
    {
      imports: /^envsafe$/,
      initializer: ({ required }, { call }) => ({
        text: `${call('str')}(${required ? '' : "{ default: '', allowEmpty: true }"})`,
        needs: ['str'],
      }),
    },
  ],
});
