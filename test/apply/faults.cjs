'use strict';

// Loaded before the program (`node --require`): counts every call of the process that changes the disk, and at one of
// them, or from it on, does what a disk, a killer or a power cut would do. `FLUE_TEST_FAULTS` says what:
//   { "log": file }                       writes down every call, for who wants to know what there is to fail
//   { "kill": n }                         SIGKILL before the nth call (from 1)
// { "tear": n }                         SIGKILL in the middle of the nth call, if that writes bytes; before it
// otherwise
//   { "fail": n, "code": "ENOSPC" }       the nth call fails
//   { "failFrom": n, "code": "EIO" }      it and every one after it
//   { "short": n }                        the nth call, if it writes bytes, writes one
//   { "pause": n, "ms": 2000 }            before the nth call it stands still for so long
const fs = require('node:fs');
const process = require('node:process');

const orders = JSON.parse(process.env.FLUE_TEST_FAULTS ?? '{}');
// Only this process: what it starts is another program.
delete process.env.FLUE_TEST_FAULTS;

const plain = { ...fs };
const log = orders.log ? plain.openSync(orders.log, 'a') : null;
let calls = 0;
const paths = new Map();

const errnos = { EPERM: -1, EIO: -5, EACCES: -13, EROFS: -30, ENOSPC: -28 };

function failure(code, name, path) {
  const error = new Error(`${code}: a fault of this test, ${name} '${path}'`);
  return Object.assign(error, { code, errno: errnos[code], syscall: name, path });
}

/** What becomes of the next call: 'go', 'fail' or 'short'. Does not come back from a kill. */
function fate(name, args, tear) {
  calls += 1;
  if (log !== null) plain.writeSync(log, `${JSON.stringify({ n: calls, name, args })}\n`);
  if (orders.kill === calls || (orders.tear === calls && !tear)) process.kill(process.pid, 'SIGKILL');
  if (orders.tear === calls) {
    tear();
    process.kill(process.pid, 'SIGKILL');
  }
  if (orders.pause === calls) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, orders.ms);
  if (orders.fail === calls || calls >= orders.failFrom) return 'fail';
  return orders.short === calls ? 'short' : 'go';
}

const logged = (value) =>
  Buffer.isBuffer(value) || ArrayBuffer.isView(value) ? Buffer.from(value).toString('base64') : value;

/** Functions whose every call changes something. */
for (const name of [
  'mkdirSync',
  'mkdtempSync',
  'renameSync',
  'unlinkSync',
  'rmdirSync',
  'rmSync',
  'symlinkSync',
  'linkSync',
  'chmodSync',
  'chownSync',
  'copyFileSync',
  'truncateSync',
  'writeFileSync',
]) {
  fs[name] = (...args) => {
    if (fate(name, args.map(logged)) === 'fail') throw failure(orders.code, name, args[0]);
    const given = plain[name](...args);
    if (log !== null && name === 'mkdtempSync') plain.writeSync(log, `${JSON.stringify({ n: calls, given })}\n`);
    return given;
  };
}

const creates = (flags) =>
  typeof flags === 'string' ? /[wa+]/.test(flags) : (flags & (fs.constants.O_CREAT | fs.constants.O_TRUNC)) !== 0;

fs.openSync = (file, flags = 'r', ...rest) => {
  if (creates(flags) && fate('openSync', [file, flags]) === 'fail') throw failure(orders.code, 'open', file);
  const descriptor = plain.openSync(file, flags, ...rest);
  paths.set(descriptor, file);
  return descriptor;
};

for (const name of ['fchmodSync', 'fchownSync', 'ftruncateSync', 'fsyncSync', 'fdatasyncSync']) {
  fs[name] = (descriptor, ...rest) => {
    const path = paths.get(descriptor);
    if (fate(name, [path, ...rest]) === 'fail') throw failure(orders.code, name, path);
    const given = plain[name](descriptor, ...rest);
    if (log !== null && name === 'fsyncSync') plain.writeSync(log, `${JSON.stringify({ n: calls, synced: path })}\n`);
    return given;
  };
}

fs.writeSync = (descriptor, bytes, at = 0, ...rest) => {
  // What is printed changes no disk.
  if (descriptor < 3) return plain.writeSync(descriptor, bytes, at, ...rest);
  const part = bytes.subarray(at);
  const tear = () => plain.writeSync(descriptor, part.subarray(0, Math.floor(part.length / 2)));
  const what = fate('writeSync', [paths.get(descriptor), logged(part)], tear);
  if (what === 'fail') throw failure(orders.code, 'write', paths.get(descriptor));
  return what === 'short' ? plain.writeSync(descriptor, part.subarray(0, 1)) : plain.writeSync(descriptor, part);
};

fs.fsync = (descriptor, done) => {
  const path = paths.get(descriptor);
  if (fate('fsync', [path]) === 'fail') {
    process.nextTick(done, failure(orders.code, 'fsync', path));
    return;
  }
  plain.fsync(descriptor, (error) => {
    if (log !== null) plain.writeSync(log, `${JSON.stringify({ n: calls, synced: path })}\n`);
    done(error);
  });
};
