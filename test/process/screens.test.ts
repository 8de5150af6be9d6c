import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectFrom, root, scratch } from '../flue.ts';
import { atTerminal, keys, type Typed } from '../terminal.ts';

/**
 * What a person sees, at 40, 80 and 120 columns: one picture each in `screens/`, with the style of every stretch.
 * Without colour the same words stand at the same places. `vitest -u` draws them anew; read the diff.
 */
const widths = [40, 80, 120];

/** A package manager of our making, named as a stand-in: it does what the script says. */
function standIn(script: string): string {
  const folder = path.join(scratch('stand-in'), 'bin');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'npm'), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(folder, 'npm'), 0o755);
  return `${folder}:${process.env.PATH}`;
}

const installs =
  'for p in @flue/postgres pg @types/pg; do mkdir -p node_modules/$p; echo "{}" > node_modules/$p/package.json; done';
const fails =
  'echo "npm error code ETARGET"; echo "npm error notarget No matching version found for pg@^8.21.0."; exit 1';

interface Screen {
  name: string;
  fixture: string;
  args: string[];
  npm?: string;
  typed?: readonly Typed[];
}

const screens: Screen[] = [
  { name: 'help', fixture: 'package-managers/npm', args: ['--help'] },
  { name: 'help-add', fixture: 'package-managers/npm', args: ['help', 'add'] },
  { name: 'list', fixture: 'package-managers/npm', args: ['list'] },
  { name: 'dry-run', fixture: 'dotenv/quoted', args: ['add', 'database', 'postgres', '--dry-run'] },
  {
    name: 'add',
    fixture: 'variables/reuse-drizzle-push',
    args: ['add', 'database', 'postgres'],
    npm: installs,
    typed: [
      ['Another name', keys.enter],
      ['Do this?', keys.enter],
    ],
  },
  {
    name: 'choose',
    fixture: 'package-managers/npm',
    args: ['add'],
    typed: [['Which database?', keys.interrupt]],
  },
  {
    name: 'no',
    fixture: 'package-managers/npm',
    args: ['add', 'database', 'postgres', '--no-install'],
    typed: [['Do this?', `${keys.down}${keys.enter}`]],
  },
  {
    name: 'failure',
    fixture: 'package-managers/npm',
    args: ['add', 'database', 'postgres'],
    npm: fails,
    typed: [['Do this?', keys.enter]],
  },
  { name: 'refusal', fixture: 'targets/cloudflare', args: ['add', 'database', 'postgres', '--yes'] },
  {
    name: 'question',
    fixture: 'drivers/both',
    args: ['add', 'database', 'postgres', '--dry-run'],
    typed: [['Which driver', keys.enter]],
  },
  { name: 'remove', fixture: 'clients/kept', args: ['remove', 'database', '--dry-run'] },
];

/** What stands there where this Node is too old for Flue, up to the next empty line of the frame. */
const nodeNote = /^.*note: (?:\{\/\})?this is Node [\s\S]*?^(?:\{gray\})?│(?:\{\/\})? *\n/m;

test.each(screens.flatMap((screen) => widths.map((columns) => ({ ...screen, columns }))))(
  '$name at $columns columns',
  async ({ name, fixture, args, npm, typed = [], columns }) => {
    const draw = (env: Record<string, string>) => {
      // The real one would be asked where its registry is.
      const proxied = { HTTPS_PROXY: 'http://127.0.0.1:9', ...(npm && { PATH: standIn(npm) }), ...env };
      const cwd = projectFrom(path.join(root, 'fixtures', fixture, 'before'));
      return atTerminal(args, { cwd, columns, env: proxied, typed });
    };
    const [coloured, plain] = [await draw({}), await draw({ NO_COLOR: '1' })];
    const shown = (text: string) => text.replace(nodeNote, '').replace(/ +$/gm, '');
    for (const line of plain.text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    expect(shown(plain.text)).toBe(shown(coloured.text));
    expect(plain.styled).not.toMatch(/\{(?:red|green|yellow|cyan|bold|dim|gray)/);
    await expect(`${shown(coloured.styled)}\n`).toMatchFileSnapshot(`screens/${name}-${columns}.txt`);
  },
);
