import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { packageManagers } from '../../src/knowledge/package-managers/index.ts';
import { isRefused, kindOf, limitFor, listFolder, machineLimit, readBytes, textLimit } from '../../src/project/door.ts';
import { scratch } from '../flue.ts';

const folder = scratch('door');
const at = (name: string) => path.join(folder, name);
const made = (name: string, size: number) => {
  writeFileSync(at(name), '');
  truncateSync(at(name), size);
  return at(name);
};

describe('what is read', () => {
  test('a file to its last byte, and one that is not there', () => {
    writeFileSync(at('text'), 'text');
    expect(readBytes(at('text'))).toEqual(Buffer.from('text'));
    expect(readBytes(at('text'), 4)).toEqual(Buffer.from('text'));
    expect(readBytes(at('none'))).toBeNull();
    expect(readBytes(at('text/none'))).toBeNull();
  });

  test('a text of up to 4 MB, a lockfile of up to 256 MB', () => {
    expect(isRefused(readBytes(made('large', textLimit)))).toBe(false);
    expect(readBytes(made('larger', textLimit + 1))).toEqual({ reason: 'too-large', detail: String(textLimit) });
    expect(isRefused(readBytes(made('yarn.lock', textLimit + 1)))).toBe(false);
    for (const name of packageManagers.flatMap(({ lockfiles }) => lockfiles))
      expect(limitFor(`a/${name}`), name).toBe(machineLimit);
    for (const name of ['yarn.lock.ts', 'lock.json', 'src/redis-lock.ts', 'block.json', 'package.json'])
      expect(limitFor(name), name).toBe(textLimit);
  });

  test('a file whose size is not what it says, up to the limit', () => {
    // Files of /proc say that they are empty.
    expect(readBytes('/proc/self/maps', 100)).toEqual({ reason: 'too-large', detail: '100' });
  });

  test('nothing that is no regular file, which is not even opened', async () => {
    // The system opens no socket.
    const server = createServer().listen(at('socket'));
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    execFileSync('mkfifo', [at('pipe')]);
    mkdirSync(at('folder'));
    symlinkSync('loop', at('loop'));
    symlinkSync('pipe', at('link'));
    expect(readBytes(at('pipe'))).toEqual({ reason: 'not-regular', detail: 'other' });
    expect(readBytes(at('link'))).toEqual({ reason: 'not-regular', detail: 'other' });
    expect(readBytes(at('folder'))).toEqual({ reason: 'not-regular', detail: 'folder' });
    expect(readBytes(at('socket'))).toEqual({ reason: 'not-regular', detail: 'other' });
    expect(readBytes('/dev/zero')).toEqual({ reason: 'not-regular', detail: 'other' });
    expect(readBytes(at('loop'))).toMatchObject({ reason: 'link-loop' });
    expect(kindOf(at('a\0b'))).toBe('none');
  });
});

test('a folder is listed as it is, links not followed', () => {
  const kinds = Object.fromEntries(listFolder(folder).entries.map(({ name, kind }) => [name, kind]));
  expect(kinds).toMatchObject({ text: 'file', folder: 'folder', loop: 'symlink', link: 'symlink', pipe: 'other' });
  expect(listFolder(at('text'))).toEqual({ entries: [], complete: true });
});
