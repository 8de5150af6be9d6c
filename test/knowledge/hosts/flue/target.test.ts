import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspect } from '../../../../src/inspect/index.ts';
import { flue } from '../../../../src/knowledge/hosts/flue/index.ts';
import { openProject } from '../../../../src/knowledge/package-managers/open.ts';
import { scratch } from '../../../flue.ts';

/** Every form in which projects name their target, and what is decided. `null`: open, for `--target` to answer. */
async function target(version: string, files: Record<string, string>, scripts: Record<string, string> = {}) {
  const project = scratch('target');
  mkdirSync(path.join(project, 'src'));
  const manifest = { scripts, dependencies: { '@flue/runtime': version } };
  for (const [name, text] of Object.entries({
    'package.json': JSON.stringify(manifest),
    'package-lock.json': '{}',
    ...files,
  })) {
    writeFileSync(path.join(project, name), text);
  }
  return (await inspect(openProject(project), flue, [])).target.value;
}

const imported = "import { defineConfig } from '@flue/runtime/config';\n";

describe('flue.config', () => {
  test.each<[string, string, 'node' | 'cloudflare' | null]>([
    ['single quotes', `${imported}export default defineConfig({ target: 'node' });`, 'node'],
    [
      'double quotes, no semicolon, tabs',
      `${imported}export default defineConfig({\n\ttarget: "cloudflare",\n})`,
      'cloudflare',
    ],
    ['a bare object', 'export default { target: "node" }', 'node'],
    ['a constant', "const config = { target: 'node' } as const;\nexport default config;", 'node'],
    ['satisfies', "export default { target: 'cloudflare' } satisfies object;", 'cloudflare'],
    ['a constant for the value', `${imported}const target = 'node';\nexport default defineConfig({ target });`, 'node'],
    [
      'a comment with the other',
      `${imported}// target: 'cloudflare'\nexport default defineConfig({ target: 'node' /* or 'cloudflare' */ });`,
      'node',
    ],
    [
      'a string with comment marks',
      `${imported}export default defineConfig({ root: 'a//b', target: 'node' });`,
      'node',
    ],
    [
      'a second export',
      `${imported}export const vite = { target: 'cloudflare' };\nexport default defineConfig({ target: 'node' });`,
      'node',
    ],
    [
      'a conditional',
      `${imported}export default defineConfig({ target: process.env.CF ? 'cloudflare' : 'node' });`,
      null,
    ],
    ['the environment', `${imported}export default defineConfig({ target: process.env.TARGET });`, null],
    ['an import', `import { target } from './target';\n${imported}export default defineConfig({ target });`, null],
    ['a spread after it', `${imported}export default defineConfig({ target: 'node', ...rest });`, null],
    ['a function', `${imported}export default defineConfig(() => ({ target: 'node' }));`, null],
    ['a template literal', `${imported}export default defineConfig({ target: \`node\` });`, 'node'],
  ])('%s', async (_name, text, value) => {
    expect(await target('2.0.3', { 'flue.config.ts': text })).toBe(value);
  });
});

describe('the beta line has no default', () => {
  const beta = '1.0.0-beta.9';
  test.each<[string, Record<string, string>, 'node' | 'cloudflare' | null]>([
    ['nothing', {}, null],
    ['a script', { build: 'flue build --target node' }, 'node'],
    ['a wrapped script', { build: 'node wrapper.mjs build --target=cloudflare' }, 'cloudflare'],
    ['another wrapper', { dev: 'dotenv -e .env -- flue dev --target node' }, 'node'],
    ['two scripts that agree', { dev: 'flue dev --target node', build: 'flue build --target node' }, 'node'],
    ['two that do not', { dev: 'flue dev --target node', build: 'flue build --target cloudflare' }, null],
    ['a target that is not one of ours', { build: 'esbuild --target=node18' }, null],
  ])('%s', async (_name, scripts, value) => {
    expect(await target(beta, {}, scripts)).toBe(value);
  });

  test('a config that a script contradicts is open', async () => {
    const files = { 'flue.config.ts': "export default { target: 'node' }" };
    expect(await target(beta, files, { build: 'flue build --target cloudflare' })).toBeNull();
    expect(await target(beta, files, { build: 'flue build --target node' })).toBe('node');
  });
});

describe('Vite configs of 2.x', () => {
  const vite = (plugins: string, more = '') =>
    `import { flue, flueWorkerConfig } from '@flue/vite';\nimport { cloudflare } from '@cloudflare/vite-plugin';\n${more}export default { plugins: [${plugins}] };`;
  test.each<[string, Record<string, string>, 'node' | 'cloudflare' | null]>([
    [
      'the plugin alone',
      { 'vite.config.ts': "import { flue } from '@flue/vite';\nexport default { plugins: [flue()] };" },
      'node',
    ],
    [
      'beside the Cloudflare plugin',
      { 'vite.config.ts': vite('flue(), cloudflare({ config: flueWorkerConfig() })') },
      'cloudflare',
    ],
    [
      'an inline target wins',
      {
        'vite.config.ts': vite("flue({ target: 'node' }), cloudflare()"),
        'flue.config.ts': "export default { target: 'cloudflare' }",
      },
      'node',
    ],
    [
      'the config file wins over the plugin beside it',
      { 'vite.config.ts': vite('flue(), cloudflare()'), 'flue.config.ts': "export default { target: 'node' }" },
      'node',
    ],
    [
      'held in a constant',
      { 'vite.config.ts': vite('plugin, cloudflare()', 'const plugin = flue();\n') },
      'cloudflare',
    ],
    [
      'a config without the plugin says nothing',
      { 'vite.config.ts': "import react from 'x';\nexport default { plugins: [react()] };" },
      'node',
    ],
    [
      'two that differ',
      { 'vite.config.ts': vite("flue({ target: 'node' })"), 'vite.config.cloudflare.ts': vite('flue(), cloudflare()') },
      null,
    ],
    ['nothing at all', {}, 'node'],
    ['wrangler decides nothing', { 'wrangler.jsonc': '{}' }, 'node'],
  ])('%s', async (_name, files, value) => {
    expect(await target('2.0.3', files)).toBe(value);
  });
});
