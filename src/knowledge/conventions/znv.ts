import { schemaConvention } from './schema/definition.ts';

const packages = ['znv'];

/** `parseEnv(process.env, {…})`, whose entries are zod's. Measured with znv 0.5. */
export const znv = schemaConvention({
  name: 'znv',
  packages,
  schemasIn: (module, { callLists }) => callLists(module, packages, ['parseEnv'], { position: 1 }),
});
