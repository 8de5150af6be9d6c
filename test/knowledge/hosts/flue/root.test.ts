import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inspectFlueProject } from '../../../../src/knowledge/hosts/flue/project.ts';
import { packageManagerNames } from '../../../../src/knowledge/package-managers/index.ts';
import { openProject } from '../../../../src/knowledge/package-managers/open.ts';
import { commandsOf } from '../../../../src/project/scripts.ts';
import { scratch } from '../../../flue.ts';

/** Where Flue 2.x takes its project to be: where Vite does. */
const plugin = "import { flue } from '@flue/vite';\n";
const vite = `${plugin}export default { plugins: [flue()] };\n`;
const inServer = `${plugin}export default { root: 'server', plugins: [flue()] };\n`;

async function rootOf(files: Record<string, string>, scripts: Record<string, string>): Promise<string> {
  const folder = scratch('root');
  const all = { 'package.json': JSON.stringify({ scripts }), 'server/agents/a.ts': 'export default {};\n', ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const commands = commandsOf({ scripts }, packageManagerNames);
  return (await inspectFlueProject(openProject(folder), commands, false)).root.value;
}

test.each<[string, Record<string, string>, Record<string, string>, string]>([
  ['the folder of the package', { 'vite.config.ts': vite }, { build: 'vite build' }, '.'],
  ['the option of the config', { 'vite.config.ts': inServer }, { build: 'vite build' }, 'server'],
  [
    'the argument, for a config above it',
    { 'vite.config.ts': vite },
    { build: 'vite build server -c vite.config.ts' },
    'server',
  ],
  [
    'the argument, over the option',
    { 'vite.config.ts': inServer },
    { build: 'vite build . --config vite.config.ts' },
    '.',
  ],
  [
    'the folder that a script goes to',
    { 'server/vite.config.ts': vite },
    { build: 'cd server && vite build' },
    'server',
  ],
])('%s', async (_what, files, scripts, root) => {
  expect(await rootOf(files, scripts)).toBe(root);
});

test('two that scripts say are a question', async () => {
  const scripts = { build: 'vite build server -c vite.config.ts', dev: 'vite' };
  await expect(rootOf({ 'vite.config.ts': vite }, scripts)).rejects.toMatchObject({ code: 'needs-answer' });
});
