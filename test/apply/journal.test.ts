import { truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { randomFrom } from './disk.mjs';
import { inMemory } from './in-memory.ts';
import { leftoversOfTests, type Remembers } from './leftovers.ts';

/** Is a journal believed only to the last byte? Damaged, it is refused and kept; `FLUE_SEED` damages other places. */
inMemory();
const leftovers = leftoversOfTests();
const random = randomFrom(Number(process.env.FLUE_SEED ?? 1));
const upTo = (limit: number) => Math.floor(random() * limit);

test('as it was written, it brings everything back', async () => {
  leftovers.lay();
  expect(await leftovers.outcome()).toBe('restored');
});

const damages: [what: string, times: number, damage: () => void][] = [
  ['cut', 110, () => truncateSync(leftovers.journal, upTo(leftovers.whole.length))],
  ['one bit flipped', 120, () => damaged((bytes) => flip(bytes, upTo(bytes.length)))],
  ['a part of zeros', 50, () => damaged((bytes) => overwritten(bytes, 512, () => 0))],
  ['a part of other bytes', 50, () => damaged((bytes) => overwritten(bytes, 64, () => upTo(256)))],
  ['two parts in the other order', 40, () => damaged(swapped)],
  ['more behind it', 28, () => damaged((bytes) => Buffer.concat([bytes, Buffer.from(' '.repeat(1 + upTo(4)))]))],
  ['written twice', 1, () => damaged((bytes) => Buffer.concat([bytes, bytes]))],
  ['empty', 1, () => writeFileSync(leftovers.journal, '')],
];

function damaged(how: (bytes: Buffer) => Buffer): void {
  let bytes: Buffer;
  do bytes = how(Buffer.from(leftovers.whole));
  while (bytes.equals(leftovers.whole));
  writeFileSync(leftovers.journal, bytes);
}

function flip(bytes: Buffer, index: number): Buffer {
  bytes[index]! ^= 1 << upTo(8);
  return bytes;
}

function overwritten(bytes: Buffer, length: number, byte: () => number): Buffer {
  const from = upTo(bytes.length);
  for (let i = from; i < Math.min(bytes.length, from + length); i += 1) bytes[i] = byte();
  return bytes;
}

function swapped(bytes: Buffer): Buffer {
  const [a, b, c] = [0, 0, 0].map(() => upTo(bytes.length)).sort((one, other) => one - other) as [
    number,
    number,
    number,
  ];
  return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b, c), bytes.subarray(a, b), bytes.subarray(c)]);
}

test('400 damages are tried', () => {
  expect(damages.reduce((sum, [, times]) => sum + times, 0)).toBe(400);
});

test.each(damages)('%s, %d times', async (_what, times, damage) => {
  const outcomes = new Set<string>();
  leftovers.lay();
  for (let i = 0; i < times; i += 1) {
    writeFileSync(leftovers.journal, leftovers.whole);
    damage();
    outcomes.add(await leftovers.outcome());
  }
  expect([...outcomes]).toEqual(['refused']);
});

test('its last byte counts as all others do', async () => {
  leftovers.lay();
  writeFileSync(leftovers.journal, Buffer.concat([leftovers.whole.subarray(0, -1), Buffer.from(']')]));
  expect(await leftovers.outcome()).toBe('refused');
});

describe('of another shape, with a checksum that is right', () => {
  const first = { path: 'package.json', before: null, touched: false };
  const shapes: [string, (memory: Remembers) => unknown][] = [
    ['{}', () => ({})],
    ['[]', () => []],
    ['null', () => null],
    ['a number', () => 1],
    ['a text', () => 'journal'],
    ['no files', ({ files: _, ...memory }) => memory],
    ['files of null', (memory) => ({ ...memory, files: null })],
    ['a file of null', (memory) => ({ ...memory, files: [null] })],
    ['a file without a path', (memory) => ({ ...memory, files: [{ ...first, path: undefined }] })],
    ['a mode that is none', (memory) => changed(memory, { mode: 'rwx' })],
    ['an owner that is none', (memory) => changed(memory, { uid: null })],
    ['bytes that are none', (memory) => changed(memory, { text: 5 })],
    ['other bytes than its own checksum says', (memory) => changed(memory, { text: 'other' })],
    ['another project', (memory) => ({ ...memory, project: `${memory.project}-2` })],
    ['no token', (memory) => ({ ...memory, token: null })],
    ['another token', (memory) => ({ ...memory, token: memory.token.replace(/.$/, (c) => (c === 'a' ? 'b' : 'a')) })],
    ['a token that leads elsewhere', (memory) => ({ ...memory, token: `../${memory.token}` })],
    ['a run that is none', (memory) => ({ ...memory, run: '../../elsewhere' })],
    ['a shared folder below', (memory) => ({ ...memory, shared: ['src'] })],
    ['folders of numbers', (memory) => ({ ...memory, folders: [1] })],
    ['a folder without an owner', (memory) => ({ ...memory, emptied: [{ path: 'src', mode: 0o755 }] })],
    ['installed packages of a text', (memory) => ({ ...memory, installed: [{ folder: '.', entries: 'x' }] })],
  ];
  const paths = ['/etc/passwd', '.git/hooks/post-commit', 'src/.GIT/config', 'src/../../x', 'a\0b', '.', '', './x'];
  const places = [...paths, 'src//x', 'node_modules/pg/index.js', '.flue-add/journal.json'].flatMap(
    (one): typeof shapes => [
      [`a file at ${JSON.stringify(one)}`, (memory) => ({ ...memory, files: [{ ...first, path: one }] })],
      [`a folder at ${JSON.stringify(one)}`, (memory) => ({ ...memory, folders: [one] })],
      [
        `a link to ${JSON.stringify(one)}`,
        (memory) => ({ ...memory, files: [{ ...first, link: { to: 'x', file: one } }] }),
      ],
      [`packages at ${JSON.stringify(one)}`, (memory) => ({ ...memory, installed: [{ folder: one, entries: null }] })],
    ],
  );
  // The packages of the project itself are a place.
  const wrong = places.filter(([what]) => what !== 'packages at "."');

  test.each([...shapes, ...wrong])('%s', async (_what, shape) => {
    leftovers.lay();
    leftovers.remember(shape(leftovers.remembers()));
    expect(await leftovers.outcome()).toBe('refused');
  });

  function changed(memory: Remembers, change: object): unknown {
    const [one, ...rest] = memory.files;
    return { ...memory, files: [{ ...one, before: { ...one!.before, ...change } }, ...rest] };
  }
});
