import { notation } from './arktype.ts';
import { schemaConvention } from './schema/definition.ts';

const packages = ['arkenv'];

/** `arkenv({…})`, in ArkType's notation. Measured with arkenv 0.11. */
export const arkenv = schemaConvention({
  name: 'arkenv',
  packages,
  mentions: /\b(?:arkenv|createEnv)\b/,
  schemasIn: (module, { callLists }) =>
    callLists(module, packages, ['default', 'arkenv', 'createEnv'], { write: notation }),
});
