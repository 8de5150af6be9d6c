// A disk that loses power: what the calls of a run leave on it when it stops after one of them, where only what was
// flushed is certain.
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** @typedef {{ mode: number, uid: number, gid: number }} Form */
/**
 * What is certain of a file or folder, and what it is to whoever looks now.
 * @typedef {{ form: Form, bytes?: Buffer, entries?: Map<string, Thing> }} State
 */
/** @typedef {{ kind: 'file' | 'folder' | 'link', to?: string, links: number, flushed: State, now: State }} Thing */
/**
 * @typedef {{ n?: number, name?: string, args?: any[], given?: string, synced?: string }} Call a line that faults.cjs
 * writes down
 */

/**
 * What a disk loses of what was not flushed. `nothing`: only the process was killed. `strict`: all of it. `ordered`:
 * names are kept and the bytes of new files are lost, as ext4 does. `random`: each name and each block for itself.
 * @typedef {'nothing' | 'strict' | 'ordered' | 'random'} Loss
 */

export class Disk {
  /** @type {Map<string, number>} where the next bytes of an open file go */
  #at = new Map();

  /** Everything that stands below a folder is on it. @param {string} root */
  constructor(root) {
    this.root = root;
    /** @type {Map<number, Thing>} by inode, for the files that have more names than one */
    const known = new Map();
    this.top = thingAt(root, known);
  }

  /** Does a call. @param {Call} call */
  take({ name, args = [], given, synced }) {
    if (synced !== undefined) this.#flush(synced);
    else if (given !== undefined) this.#add(given, folder(0o700));
    else if (name) this.#change(name, args);
  }

  /** @param {string} name @param {any[]} args */
  #change(name, [first, second]) {
    const there = this.#find(first);
    switch (name) {
      case 'mkdirSync':
        if (second?.recursive) this.#addAll(first, second.mode);
        else if (!there) this.#add(first, folder(second?.mode ?? 0o777));
        return;
      case 'openSync':
        if (!there) this.#add(first, file());
        this.#at.set(first, 0);
        return;
      case 'writeSync':
        this.#write(first, Buffer.from(second, 'base64'));
        return;
      case 'ftruncateSync':
        there.now = { ...there.now, bytes: there.now.bytes.subarray(0, second) };
        return;
      case 'fchmodSync':
        there.now = { ...there.now, form: { ...there.now.form, mode: second } };
        return;
      case 'symlinkSync':
        this.#add(second, { ...file(), kind: 'link', to: first });
        return;
      case 'renameSync':
        if (!there) return;
        this.#remove(first);
        this.#add(second, there);
        return;
      case 'rmdirSync':
        if (there?.now.entries?.size === 0) this.#remove(first);
        return;
      case 'unlinkSync':
      case 'rmSync':
        if (there) this.#remove(first);
    }
  }

  /** @param {string} at @returns {any} */
  #find(at) {
    const relative = path.relative(this.root, at);
    if (relative.startsWith('..')) return undefined;
    const names = relative === '' ? [] : relative.split(path.sep);
    return names.reduce((/** @type {Thing | undefined} */ thing, name) => thing?.now.entries?.get(name), this.top);
  }

  /** @param {string} at @param {Thing} thing */
  #add(at, thing) {
    this.#find(path.dirname(at))?.now.entries.set(path.basename(at), thing);
  }

  /** @param {string} at @param {number} mode */
  #addAll(at, mode) {
    if (this.#find(at) || path.relative(this.root, at).startsWith('..')) return;
    this.#addAll(path.dirname(at), mode);
    this.#add(at, folder(mode));
  }

  /** @param {string} at */
  #remove(at) {
    this.#find(path.dirname(at)).now.entries.delete(path.basename(at));
  }

  /** @param {string} at @param {Buffer} bytes */
  #write(at, bytes) {
    const thing = this.#find(at);
    if (!thing) return;
    const start = this.#at.get(at) ?? 0;
    const was = thing.now.bytes;
    const now = Buffer.alloc(Math.max(was.length, start + bytes.length));
    was.copy(now);
    bytes.copy(now, start);
    thing.now = { ...thing.now, bytes: now };
    this.#at.set(at, start + bytes.length);
  }

  /** @param {string} at */
  #flush(at) {
    const thing = this.#find(at);
    if (!thing) return;
    const { form, bytes, entries } = thing.now;
    thing.flushed = { form, ...(bytes && { bytes }), ...(entries && { entries: new Map(entries) }) };
  }

  /**
   * Puts on the real disk, in place of the folder, what is left after the power went.
   * @param {Loss} loss
   * @param {() => number} random
   */
  restart(loss, random) {
    rmSync(this.root, { recursive: true, force: true });
    lay(this.top, this.root, { loss, random, laid: new Map() });
  }
}

/**
 * @param {Thing} thing
 * @param {string} at
 * @param {{ loss: Loss, random: () => number, laid: Map<Thing, string> }} how
 */
function lay(thing, at, how) {
  const { loss, random, laid } = how;
  const first = laid.get(thing);
  if (first !== undefined && thing.links > 1) return linkSync(first, at);
  laid.set(thing, at);
  if (thing.kind === 'link') return symlinkSync(/** @type {string} */ (thing.to), at);
  const { flushed, now } = thing;
  const form = loss === 'strict' || (loss === 'random' && random() < 0.5) ? flushed.form : now.form;
  if (thing.kind === 'file') {
    writeFileSync(at, bytesLeft(thing, loss, random));
  } else {
    mkdirSync(at);
    for (const [name, one] of entriesLeft(flushed.entries ?? new Map(), now.entries ?? new Map(), how))
      lay(one, path.join(at, name), how);
  }
  chownSync(at, form.uid, form.gid);
  chmodSync(at, form.mode);
}

/**
 * @param {Map<string, Thing>} flushed
 * @param {Map<string, Thing>} now
 * @param {{ loss: Loss, random: () => number }} how
 */
function entriesLeft(flushed, now, { loss, random }) {
  if (loss !== 'random') return loss === 'strict' ? flushed : now;
  const names = [...new Set([...flushed.keys(), ...now.keys()])];
  return names.flatMap((name) => {
    const one = (random() < 0.5 ? flushed : now).get(name);
    return one ? [/** @type {const} */ ([name, one])] : [];
  });
}

/** @param {Thing} thing @param {Loss} loss @param {() => number} random @returns {Buffer} */
function bytesLeft({ flushed, now }, loss, random) {
  const was = flushed.bytes ?? Buffer.alloc(0);
  const is = now.bytes ?? Buffer.alloc(0);
  if (loss === 'nothing') return is;
  if (loss !== 'random' || was.equals(is)) return was;
  // Block by block the one, the other, or nothing at all; of a length that is either's.
  const length = random() < 0.5 ? was.length : is.length;
  const left = Buffer.alloc(length);
  for (let at = 0; at < length; at += 64) {
    const from = random();
    const flushedOrLost = from < 0.8 ? is : Buffer.alloc(0);
    const source = from < 0.4 ? was : flushedOrLost;
    left.set(source.subarray(at, Math.min(at + 64, length)), at);
  }
  return left;
}

/** @param {import('node:fs').Stats} stat @returns {Thing['kind']} */
function kindOf(stat) {
  if (stat.isSymbolicLink()) return 'link';
  return stat.isDirectory() ? 'folder' : 'file';
}

/** @param {string} at @param {Map<number, Thing>} known @returns {Thing} */
function thingAt(at, known) {
  const stat = lstatSync(at);
  const form = { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
  const same = known.get(stat.ino);
  if (same) return same;
  /** @type {State} */
  const state = { form };
  const kind = kindOf(stat);
  if (kind === 'folder')
    state.entries = new Map(readdirSync(at).map((name) => [name, thingAt(path.join(at, name), known)]));
  if (kind === 'file') state.bytes = readFileSync(at);
  const now = { ...state, ...(state.entries && { entries: new Map(state.entries) }) };
  const thing = {
    kind,
    links: kind === 'file' ? stat.nlink : 1,
    flushed: state,
    now,
    ...(kind === 'link' && { to: readlinkSync(at) }),
  };
  known.set(stat.ino, thing);
  return thing;
}

/** @param {number} mode @returns {Thing} */
function folder(mode) {
  const state = () => ({ form: { ...owner(), mode }, entries: new Map() });
  return { kind: 'folder', links: 1, flushed: state(), now: state() };
}

/** @returns {Thing} */
function file() {
  const state = () => ({ form: { ...owner(), mode: 0o600 }, bytes: Buffer.alloc(0) });
  return { kind: 'file', links: 1, flushed: state(), now: state() };
}

function owner() {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
}

/** Random numbers that a seed brings again (mulberry32). @param {number} seed @returns {() => number} */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
