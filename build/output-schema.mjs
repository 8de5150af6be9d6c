// schema/output.schema.json: the shape of what `--json` prints, made from its type in src/output/printed.ts.
import path from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';

const root = path.join(import.meta.dirname, '..');

/** The schema as the file has it. @returns {string} */
export function outputSchema() {
  const generator = createGenerator({
    path: path.join(root, 'src/output/printed.ts'),
    tsconfig: path.join(root, 'tsconfig.json'),
    type: 'Printed',
    topRef: false,
    additionalProperties: false,
    skipTypeCheck: true,
  });
  const { $schema, definitions = {}, ...shape } = generator.createSchema('Printed');
  const title = 'What a command prints under --json: exactly one object';
  const named = Object.fromEntries(Object.entries(definitions).filter(([name]) => !isMadeUp(name)));
  return `${JSON.stringify(inlined({ $schema, title, ...shape, definitions: named }, definitions), null, 2)}\n`;
}

/** Such as `Found<alias-7-31>`: these names change with every line of the types. @param {string} name */
function isMadeUp(name) {
  return name.includes('<');
}

/**
 * With what has no name of its own in place of a reference to it.
 * @param {any} value
 * @param {Record<string, unknown>} definitions
 */
function inlined(value, definitions) {
  if (Array.isArray(value)) return value.map((one) => inlined(one, definitions));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...rest } = value;
  const name = typeof $ref === 'string' ? decodeURIComponent($ref.replace('#/definitions/', '')) : '';
  if (isMadeUp(name)) return { ...inlined(definitions[name], definitions), ...rest };
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inlined(one, definitions)]));
}
