import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { recover } from '../../src/apply/index.ts';
import { inMemory } from './in-memory.ts';
import { leftoversOfTests } from './leftovers.ts';
import { stateOf } from './scenarios.mjs';

/**
 * Is a journal ours? It may have come with a repository, or be of another project, user or machine; or it is none at
 * all.
 */
inMemory();
const leftovers = leftoversOfTests();
const place = () => path.join(leftovers.at.project, '.flue-add');

describe('not of this project or user', () => {
  const others: [string, () => void][] = [
    ['its token is gone, as in a clone', () => rmSync(path.join(leftovers.at.state, 'flue'), { recursive: true })],
    ['a user’s own folder that others may write to', () => execFileSync('chmod', ['777', ownFolder()])],
    ['a user’s own folder that is a link', () => linked(ownFolder())],
  ];
  // Only root can give a file away.
  const ofAnother: typeof others = [
    ['of another user', () => chownSync(place(), 4321, 4321)],
    ['of another user with all it holds', () => execFileSync('chown', ['-R', '4321:4321', place()])],
    ['a user’s own folder that is another’s', () => chownSync(ownFolder(), 4321, 4321)],
  ];
  const refused = async (_what: string, damage: () => void) => {
    leftovers.lay();
    damage();
    expect(await leftovers.outcome()).toBe('refused');
  };

  test.each(others)('%s', refused);
  test.skipIf(process.getuid?.() !== 0).each(ofAnother)('%s', refused);

  test('in a copy of the project', async () => {
    leftovers.lay();
    const copy = `${leftovers.at.project}-copy`;
    cpSync(leftovers.at.project, copy, { recursive: true });
    expect(await leftovers.outcome(copy)).toBe('refused');
  });

  test('where the project was moved', async () => {
    leftovers.lay();
    const elsewhere = `${leftovers.at.project}-moved`;
    renameSync(leftovers.at.project, elsewhere);
    expect(await leftovers.outcome(elsewhere)).toBe('refused');
  });

  function ownFolder(): string {
    return path.join(leftovers.at.state, 'flue');
  }

  function linked(folder: string): void {
    renameSync(folder, `${folder}-2`);
    symlinkSync(`${folder}-2`, folder);
  }
});

describe('not a file', () => {
  const kinds: [string, () => void][] = [
    ['a folder', () => mkdirSync(leftovers.journal)],
    ['a folder with something in it', () => mkdirSync(path.join(leftovers.journal, 'x'), { recursive: true })],
    ['a FIFO', () => execFileSync('mkfifo', [leftovers.journal])],
    ['a link to a journal', () => linkTo('../../journal-elsewhere')],
    ['a link that leads nowhere', () => symlinkSync('nowhere', leftovers.journal)],
    ['a link to itself', () => symlinkSync('journal.json', leftovers.journal)],
    ['a link to an endless device', () => symlinkSync('/dev/zero', leftovers.journal)],
    ['a link to a terminal', () => symlinkSync('/dev/tty', leftovers.journal)],
  ];

  test.each(kinds)('%s', async (_what, make) => {
    leftovers.lay();
    rmSync(leftovers.journal);
    make();
    expect(await leftovers.outcome()).toBe('refused');
  });

  function linkTo(target: string): void {
    writeFileSync(path.resolve(place(), target), leftovers.whole);
    symlinkSync(target, leftovers.journal);
  }
});

describe('in a folder that is none of ours', () => {
  const kinds: [string, () => void][] = [
    ['a file', () => writeFileSync(place(), '')],
    ['a FIFO', () => execFileSync('mkfifo', [place()])],
    ['a link to a folder', () => symlinkSync('..', place())],
    ['a link that leads nowhere', () => symlinkSync('nowhere', place())],
  ];

  test.each(kinds)('%s', async (_what, make) => {
    leftovers.lay();
    rmSync(place(), { recursive: true });
    make();
    expect(await leftovers.outcome()).toBe('refused');
  });
});

describe('ours, and yet', () => {
  test('a way out of the project is none', async () => {
    leftovers.lay();
    const precious = path.join(leftovers.home, 'precious');
    writeFileSync(precious, 'precious');
    const memory = leftovers.remembers();
    const files = [
      { ...memory.files[0], path: '../precious' },
      { path: '../precious', before: null, touched: true },
    ];
    leftovers.remember({ ...memory, files: [...files, ...memory.files] });
    await expect(recover(leftovers.at.project, true)).rejects.toMatchObject({ code: 'restore-failed' });
    expect(readFileSync(precious, 'utf8')).toBe('precious');
  });

  test('a symlink that leads out of the project is not followed', async () => {
    leftovers.lay();
    const elsewhere = path.join(leftovers.home, 'elsewhere');
    renameSync(path.join(leftovers.at.project, 'src'), elsewhere);
    symlinkSync('../elsewhere', path.join(leftovers.at.project, 'src'));
    const before = stateOf(elsewhere);
    await expect(recover(leftovers.at.project, true)).rejects.toMatchObject({ code: 'restore-failed' });
    expect(stateOf(elsewhere)).toEqual(before);
  });

  test('a dry look recovers nothing, and says what is there', async () => {
    leftovers.lay();
    const left = stateOf(leftovers.home);
    await expect(recover(leftovers.at.project, false)).rejects.toMatchObject({ code: 'locked' });
    expect(stateOf(leftovers.home)).toEqual(left);
  });
});
