import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../src/commands/flags.ts';
import { flue, projectFrom, root } from '../flue.ts';
import { modernNode } from '../servers/flue.mjs';
import { startRegistry } from '../servers/registry.mjs';
import { atTerminal, keys } from '../terminal.ts';
import { picture } from './picture.ts';

/**
 * The README is what happens: its picture is a real run, with a real install, and every fence of a diff or of db.ts is
 * in that run's diff.
 */
const shop = () => projectFrom(path.join(root, 'examples/shop'));
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

/** `npm run picture` draws it anew. */
test('the picture of the README is a run of today', { timeout: 120_000 }, async () => {
  const registry = await startRegistry({ lightRuntime: true });
  const cwd = shop();
  const env = { ...registry.env, NODE: modernNode(), PATH: `${path.dirname(modernNode())}:${process.env.PATH}` };
  const typed = [['Do this?', keys.enter]] as const;
  const shell = '"$NODE" "$BIN" add database postgres';
  const { styled, code } = await atTerminal([], { cwd, columns: 88, env: env as Record<string, string>, typed, shell });
  registry.close();
  expect(code, styled).toBe(0);
  const command = '{green}\u0024{/} npx flue-db add postgres';
  const drawn = picture(`${command}\n${styled}`, 88, 'A terminal in which flue-db adds Postgres to a project');
  await expect(drawn).toMatchFileSnapshot('../../docs/add-postgres.svg');
});

test('its diff and its extract of db.ts are what add shows', async () => {
  const { stdout } = await flue(['add', 'database', 'postgres', '--dry-run'], { cwd: shop() });
  const fences = [...readme.matchAll(/```(diff|ts)\n([\s\S]*?)```/g)];
  expect(fences.length).toBeGreaterThan(1);
  const plain = stdout.replace(/^\+/gm, '');
  for (const [, language, text = ''] of fences)
    for (const piece of text.split(/^\/\/ …\n|^…\n/m))
      expect(language === 'ts' ? plain : stdout, piece).toContain(piece.trimEnd());
});

test.each(commands.filter(({ flags }) => flags.length > 0))('docs/flags.md has every flag of $name', (command) => {
  const document = readFileSync(path.join(root, 'docs/flags.md'), 'utf8');
  const ofVerify = readFileSync(path.join(root, 'docs/verify.md'), 'utf8');
  const section = document.split(/^## /m).find((one) => one.split('\n')[0]!.split(', ').includes(command.name))!;
  const text = command.name === 'verify' ? section + ofVerify : section;
  const missing = command.flags.filter(({ name }) => !new RegExp(`\`(?:-y\`, \`)?${name}[\` ]`).test(text));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test('every file that a document links to is there', () => {
  const tracked = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const documents = tracked.filter((file) => !/^(?:fixtures|test\/refusing)\//.test(file));
  const broken = documents.flatMap((file) =>
    [...readFileSync(path.join(root, file), 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map(([, target = '']) => path.posix.join(path.posix.dirname(file), target))
      .filter((target) => !tracked.includes(target) && !exists(target))
      .map((target) => `${file} → ${target}`),
  );
  expect(broken).toEqual([]);
});

function exists(file: string): boolean {
  try {
    readFileSync(path.join(root, file));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}
