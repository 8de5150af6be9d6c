import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, projectFrom, root, scratch } from '../flue.ts';

/**
 * What a run loads, and nothing it does not use: what is loaded has to be compiled, which is most of what starting
 * costs.
 */
const recorder = path.join(scratch('recorder'), 'recorder.cjs');
writeFileSync(
  recorder,
  `const Module = require('node:module');
const load = Module._load;
const files = new Set();
Module._load = function (request, parent, ...rest) {
  try { files.add(Module._resolveFilename(request, parent)); } catch {}
  return load.call(this, request, parent, ...rest);
};
process.on('exit', () => {
  const { chunks } = require(${JSON.stringify(path.join(root, 'bin/load.js'))});
  for (const name of chunks.keys()) files.add(${JSON.stringify(path.join(root, 'dist'))} + '/' + name);
  require('node:fs').writeFileSync(process.env.LOADED, [...files].join('\\n'));
});`,
);

/** The files of the build that a command line loads, by their chunk's name, and the built-in modules. */
function loadedBy(words: string, fixture: string, before?: string): { names: string[]; bytes: number } {
  const cwd = projectFrom(path.join(root, 'fixtures', fixture, 'before'));
  const list = path.join(scratch('loaded'), 'list');
  const run = (args: string) =>
    execFileSync(process.execPath, ['--require', recorder, bin, ...args.split(' ')], {
      cwd,
      env: { ...process.env, LOADED: list, NODE_EXTRA_CA_CERTS: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  if (before) run(before);
  run(words);
  const files = readFileSync(list, 'utf8').split('\n');
  const built = files.filter((file) => file.startsWith(path.join(root, 'dist')));
  const builtIn = files.filter((file) => !path.isAbsolute(file)).map((name) => name.replace('node:', ''));
  const names = [...built.map((file) => path.basename(file).replace(/(?:-[\w-]{8})?\.cjs$/, '')), ...builtIn];
  return { names, bytes: built.reduce((sum, file) => sum + statSync(file).size, 0) };
}

const heavy = ['late', 'babel', 'ts-morph', 'execa', 'standalone', 'estree', 'cross-spawn'];
const costly = ['child_process', 'tty', 'crypto', 'net', 'url', 'readline'];

describe('loads no more than it uses', () => {
  test('help: nothing of the bundle at all', () => {
    expect(loadedBy('--help', 'package-managers/npm').bytes).toBe(0);
  });

  test.each([
    ['add', 'add database postgres --no-install', 'dotenv/quoted', undefined, 500_000],
    // Whether the code still needs a package is read off its syntax: by the one parser, of some 310 kB.
    ['remove', 'remove database --no-install', 'dotenv/quoted', 'add database postgres --no-install', 810_000],
  ])('%s in a project with an env template', (_name, words, fixture, before, limit) => {
    const { names, bytes } = loadedBy(words, fixture, before);
    expect(names).toContain('always');
    expect(names.filter((name) => [...heavy, ...costly].includes(name))).toEqual([]);
    // A library that comes along is seen by its size, too.
    expect(bytes).toBeLessThan(limit);
  });

  test('a typed module: one parser, and no second one', () => {
    const { names } = loadedBy('add database postgres --no-install', 'env-docs/zod');
    expect(names).toContain('parse');
    expect(names.filter((name) => ['babel', 'ts-morph', 'execa', 'standalone'].includes(name))).toEqual([]);
  });

  test('a dry run starts no program, and can start none', () => {
    const { names } = loadedBy('add database postgres --dry-run', 'dotenv/quoted');
    expect(names).toContain('late');
    expect(names).not.toContain('child_process');
  });
});
