import { isKeyed } from '../../edit/dotenv/place.ts';
import type { Line } from '../../edit/dotenv/read.ts';
import type { DocVariable } from '../../types/env-docs.ts';
import { type Convention, conventionDefaults } from './convention.ts';
import { templateDoc, variablesIn } from './dotenv.ts';

/** varlock's `.env.schema`: items with decorators above them. */
export const varlock: Convention = {
  ...conventionDefaults,
  name: 'env-schema',
  kind: 'template',
  ranked: true,
  advice: 'start the server through varlock, which fills in the variables: `varlock run -- <command>`',
  find: (view, found) => {
    const taken = found.map(({ path }) => path);
    const files = view.templates().filter(({ path, name }) => name === '.env.schema' && !taken.includes(path));
    const what = { kind: 'env-schema', because: "varlock's schema", variables: declaredVariables };
    return Promise.all(files.map((file) => templateDoc(view, file, what)));
  },
  declare: async (text, variable) => {
    const { insertIntoEnvSchema } = await import('../../edit/dotenv/env-schema.ts');
    return insertIntoEnvSchema(text, variable, variable.url);
  },
};

/**
 * How a decorator says what a value begins with: `@type=string(startsWith=postgresql://)`, `@example="redis://host"`.
 */
const demanded = /(?:startsWith|matches|@example)\s*=\s*["'/^]{0,3}([a-z][a-z0-9+.-]{0,20}):/i;

function declaredVariables(lines: readonly Line[]): DocVariable[] {
  const keyed = lines.flatMap((line, index) => (isKeyed(line) ? [index] : []));
  return variablesIn(lines).map((variable, i) => {
    if (variable.scheme) return variable;
    let first = keyed[i]!;
    while (lines[first - 1]?.kind === 'comment') first -= 1;
    const decorators = lines.slice(first, keyed[i]).filter(({ text }) => /^\s*#\s*@/.test(text));
    return { ...variable, scheme: demanded.exec(decorators.map(({ text }) => text).join('\n'))?.[1] ?? null };
  });
}
