import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLeftOut } from '../../src/project/gitignore.ts';
import { compileGlob, editorConfigGlob, toolGlob } from '../../src/project/glob.ts';
import { cpuOf } from '../cpu.ts';
import { scratch } from '../flue.ts';

const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

function repository(): string {
  const folder = scratch('gitignore');
  execFileSync('git', ['init', '--quiet', folder], { env });
  return folder;
}

/** The paths that git itself leaves out. */
function byGit(folder: string, files: Record<string, string>, paths: readonly string[]): string[] {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  try {
    const options = { cwd: folder, env, input: paths.join('\0'), encoding: 'utf8', stdio: 'pipe' } as const;
    const out = execFileSync('git', ['check-ignore', '--no-index', '--stdin', '-z'], options);
    return out.split('\0').filter((one) => one !== '');
  } catch (error) {
    // 1: none of them.
    if ((error as { status: number }).status === 1) return [];
    throw error;
  }
}

const left = (text: string, paths: readonly string[], ignoreCase = false) =>
  paths.filter((one) => isLeftOut(one, [{ folder: '.', text }], [], { ignoreCase }));

describe('what git leaves out, we leave out', () => {
  const paths = [
    '.env.example',
    'a',
    'b',
    'ab',
    'a/b',
    'a/a/b',
    'a/.env.example',
    'b/a/ab',
    '[',
    ']',
    'a b',
    'ä',
    'aä',
    'a-',
  ];

  test('hand-made patterns', () => {
    const folder = repository();
    const patterns = [
      ['.env*', '!.env.example'],
      ['.env*', '!.env.example', 'a/'],
      ['Icon[', ']'],
      ['[[', '[a-', 'a[', '[]', '[!a]', '[z-a]', '(', 'a{b,c}'],
      ['[]-a]', '[a-]', '[^a]', '[[:alpha:]]', '[[:nope:]]', '[[:constructor:]]', '[[:', '[\\]]', '[[]'],
      ['/a', '!/a/b'],
      ['/a/*', '!/a/b'],
      ['a/**', '**/b', '!**/a/b', 'a/**/b', '**'],
      ['**\\/a'],
      ['a/**\\/b', '!**\\/ab'],
      ['a**b', '***/b', 'a**/b', '**a', 'a/***'],
      ['a\\ ', 'a b  ', '\\a', 'a\\', '\\', '\\\\', '\\[', '\\#', '\\!'],
      ['#a', '\\#a', '!a', '!', '/', '//', 'a//', './a', 'a/./b'],
      ['?', 'a?', '??'],
      ['\uFEFFa', 'b\r', ' a'],
      ['A', 'B/', '*B'],
    ];
    for (const lines of patterns)
      for (const text of [lines.join('\n'), `${lines.join('\r\n')}\r\n`, ...lines])
        expect(left(text, paths), JSON.stringify(text)).toEqual(byGit(folder, { '.gitignore': text }, paths));
  });

  test('any pattern of its signs, over folders with files of their own', { timeout: 120_000 }, () => {
    const folder = repository();
    const sign = fc.constantFrom(
      'a',
      'b',
      '*',
      '**',
      '?',
      '[',
      ']',
      '!',
      '^',
      '-',
      '\\',
      '/',
      '.',
      ' ',
      '[:alpha:]',
      '#',
      'ä',
    );
    const line = fc.array(sign, { minLength: 1, maxLength: 6 }).map((signs) => signs.join(''));
    const text = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'));
    // Each process asks for many at once: a folder for each text.
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text), { minLength: 30, maxLength: 30 }), (cases) => {
        const files: Record<string, string> = {};
        const wanted: string[] = [];
        const ours: string[] = [];
        cases.forEach(([top, below, exclude], i) => {
          files[`${i}/.gitignore`] = top;
          files[`${i}/a/.gitignore`] = `${below}\n${exclude}`;
          const folders = [
            { folder: `${i}`, text: top },
            { folder: `${i}/a`, text: `${below}\n${exclude}` },
          ];
          // `a` is a folder here.
          for (const one of paths.filter((path) => path !== 'a')) {
            const at = `${i}/${one}`;
            wanted.push(at);
            const seen = one.startsWith('a/') ? folders : folders.slice(0, 1);
            if (isLeftOut(at, seen, [], { ignoreCase: false })) ours.push(at);
          }
        });
        expect(ours).toEqual(byGit(folder, files, wanted));
      }),
      { numRuns: 60 },
    );
  });

  test('in either case of letters where the repository says so', () => {
    const folder = repository();
    execFileSync('git', ['config', 'core.ignoreCase', 'true'], { cwd: folder, env });
    for (const text of ['A', '*B', '.ENV*', 'A/B', '[B]'])
      expect(left(text, paths, true), text).toEqual(byGit(folder, { '.gitignore': text }, paths));
  });
});

describe('time is linear', () => {
  const within = (limit: number, work: () => void) => {
    expect(cpuOf(work)).toBeLessThan(limit);
  };

  test('stars over a long name, and 100,000 lines', () => {
    const name = `.env.${'a'.repeat(200)}.example`;
    within(3000, () => left(`${'*a'.repeat(400)}b\n${'**/'.repeat(400)}b`, [name]));
    within(3000, () => left(Array.from({ length: 100_000 }, (_, i) => `*a*${i}*b`).join('\n'), [name]));
    within(3000, () => left(`${'[[:'.repeat(30_000)}\n${'a'.repeat(1_000_000)}`, [name]));
  });

  test('braces and parentheses in the patterns of other tools', () => {
    for (const syntax of [toolGlob, editorConfigGlob]) {
      within(3000, () => compileGlob('{a,b}'.repeat(500), syntax)('a'.repeat(500)));
      within(3000, () => compileGlob('{'.repeat(4000), syntax)('{'.repeat(4000)));
      within(3000, () => compileGlob(`${'{a,'.repeat(49)}b${'}'.repeat(49)}`, syntax)('a'));
      within(3000, () => compileGlob('*(*(a))'.repeat(100), syntax)('a'.repeat(500)));
    }
  });
});
