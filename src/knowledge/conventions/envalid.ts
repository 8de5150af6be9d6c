import { schemaConvention } from './schema/definition.ts';

const packages = ['envalid'];

/** `cleanEnv(process.env, {…})`. Measured with envalid 8.2. */
export const envalid = schemaConvention({
  name: 'envalid',
  packages,
  schemasIn: (module, { callLists }) => callLists(module, packages, ['cleanEnv'], { position: 1 }),
  validators: [
    {
      imports: /^envalid$/,
      initializer: ({ required }, { call }) => ({
        text: `${call('str')}(${required ? '' : '{ default: undefined }'})`,
        needs: ['str'],
      }),
    },
  ],
});
