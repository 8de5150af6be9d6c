import path from 'node:path';
import { expect, test } from 'vitest';
import { outputSchema } from '../../build/output-schema.mjs';
import { root } from '../flue.ts';

test('the schema of what --json prints is what its type says (`npx vitest run test/output/schema.test.ts -u` writes it)', async () => {
  await expect(outputSchema()).toMatchFileSnapshot(path.join(root, 'schema/output.schema.json'));
}, 60_000);
