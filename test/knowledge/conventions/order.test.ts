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

test.each<[string, string | undefined]>([
  ['dotenv-checker --schema .env.example --env .env', 'contract'],
  ['npx env-verify .env.example', 'contract'],
  ['prettier --check .env.example', undefined],
  ['dotenv -e .env.example -- vite', undefined],
])('a script `%s` makes a template a contract: %s', async (script, code) => {
  const docs = await docsOf({ 'package.json': JSON.stringify({ scripts: { pre: script } }), '.env.example': 'A=1\n' });
  expect(docs[0]?.leftAlone?.code).toBe(code);
});

test('what holds values is named, and what it says of variables is evidence', async () => {
  const docs = await docsOf({
    '.env.defaults': 'DATABASE_URL=mysql://h/d\n',
    'config/custom-environment-variables.yaml':
      'db:\n  url: DATABASE_URL\n  port: { __name: "DB_PORT", __format: json }\n',
    '.envrc.example': 'use flake\nexport REDIS_URL=redis://h\n',
    '.env-cmdrc': '{ "dev": { "A": "1" } }',
    'mise.toml': '[tools]\nnode = "22"\n\n[env]\nA = "1"\n',
    '.mise.ci.toml': '[tools]\nnode = "22"\n',
  });
  const said = docs.map(({ path, kind, variables, leftAlone }) => [
    path,
    kind,
    leftAlone?.code,
    ...variables.map(({ name, scheme }) => (scheme ? `${name} ${scheme}` : name)),
  ]);
  expect(said.toSorted()).toEqual([
    ['.env-cmdrc', 'env-cmd', 'values'],
    ['.env.defaults', 'env-defaults', 'values', 'DATABASE_URL mysql'],
    ['.envrc.example', 'direnv', 'values', 'REDIS_URL redis'],
    ['config/custom-environment-variables.yaml', 'node-config', 'unreachable', 'DATABASE_URL', 'DB_PORT'],
    ['mise.toml', 'mise', 'values'],
  ]);
});
