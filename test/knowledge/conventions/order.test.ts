import { expect, test } from 'vitest';
import { docsOf } from './docs-of.ts';

/** A file with a meaning of its own belongs to the first convention that knows it. */
test('a template that a script compares with another file is no template like others', async () => {
  const manifest = { scripts: { check: 'diff .env.example .env.test' } };
  const docs = await docsOf({
    'package.json': JSON.stringify(manifest),
    '.env.example': 'PORT=1\n',
    '.env.test': 'PORT=1\n',
  });
  expect(docs.map(({ path, kind, leftAlone }) => [path, kind, leftAlone?.code])).toEqual([
    ['.env.example', 'compared-template', 'contract'],
  ]);
});

test('one that dotenv-safe reads is a contract', async () => {
  const manifest = { dependencies: { 'dotenv-safe': '^9.0.0' } };
  const docs = await docsOf({
    'package.json': JSON.stringify(manifest),
    '.env.example': 'PORT=1\n',
    'src/index.ts': "import 'dotenv-safe/config';\n",
  });
  expect(docs).toMatchObject([{ path: '.env.example', kind: 'dotenv-safe' }]);
});
