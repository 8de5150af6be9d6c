import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { evidenceIn, guess } from '../../../src/knowledge/package-managers/evidence.ts';
import { openProject } from '../../../src/knowledge/package-managers/open.ts';
import { scratch } from '../../flue.ts';

/** What the scripts of a project without lockfile, settings and node_modules say of its package manager. */
test.each<[scripts: Record<string, string>, manager: string | null]>([
  [{ dev: 'bun run --hot src/index.ts' }, 'bun'],
  [{ dev: 'NODE_ENV=test bunx --bun vite' }, 'bun'],
  [{ start: 'deno run main.ts', test: 'deno test' }, 'deno'],
  [{ all: 'tsc && pnpm run build' }, 'pnpm'],
  [{ a: 'yarn build', b: 'pnpm build' }, null],
  [{ dev: 'tsx watch src/bun run.ts', b: 'npm run a; npx vite' }, null],
  [{}, null],
])('%j: %s', (scripts, manager) => {
  const folder = scratch('evidence');
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ scripts }));
  const evidence = evidenceIn(openProject(folder), null);
  const expected = { manager: { name: manager }, guess: true, because: 'a guess: scripts in package.json call it' };
  if (manager === null) expect(evidence).toBeNull();
  else expect(evidence).toMatchObject(expected);
});

/** What other files say, where the scripts say nothing. Only Lerna's word is sure. */
test.each<[file: string, text: string, manager: string | null, because: string]>([
  ['lerna.json', '{ "npmClient": "pnpm" }', 'pnpm', '`npmClient` in lerna.json says pnpm'],
  ['.tool-versions', 'nodejs 22.0.0\npnpm 9.0.0\n', 'pnpm', 'a guess: .tool-versions pins it'],
  ['mise.toml', '[tools]\nnode = "22"\nbun = "1.2"\n', 'bun', 'a guess: mise.toml pins it'],
  ['.prototools', 'node = "22"\nnpm = "10"\n', null, ''],
  ['mise.toml', '[tools]\nbun = "1.2"\npnpm = "9"\n', null, ''],
  ['Dockerfile', 'FROM node\nRUN corepack enable && yarn install\n', 'yarn', 'a guess: Dockerfile installs by it'],
  ['Dockerfile', 'FROM node\nRUN apt-get install git\n', null, ''],
  [
    '.github/workflows/ci.yml',
    'jobs:\n  a:\n    steps:\n      - run: npm ci\n',
    'npm',
    'a guess: .github/workflows/ci.yml installs by it',
  ],
  ['.github/workflows/ci.yml', 'steps:\n  - run: npm ci\n  - run: bun install\n', null, ''],
])('%s, %j: %s', (file, text, manager, because) => {
  const folder = scratch('evidence');
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
  writeFileSync(path.join(folder, 'package.json'), '{}');
  const evidence = evidenceIn(openProject(folder), null);
  if (manager === null) expect(evidence).toBeNull();
  else expect(evidence).toMatchObject({ manager: { name: manager }, because });
});

test.each([
  ['pnpm/10.1.0 npm/? node/v20.19.0', 'pnpm'],
  ['bun/1.2.0 npm/? node/v22.0.0', 'bun'],
])('where the project says nothing, who started this: %s', async (agent, name) => {
  vi.stubEnv('npm_config_user_agent', agent);
  const found = await guess(scratch('evidence'), false);
  vi.unstubAllEnvs();
  expect(found).toMatchObject({ manager: { name }, guess: true });
});
