// Starting and stopping real servers: on 127.0.0.1, on a free port, in a folder of their own, stopped by their pid.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A port that was free a moment ago. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** @type {Set<() => void>} */
const atExit = new Set();
process.on('exit', () => {
  for (const clean of atExit) clean();
});

/** A folder that goes away with this process. @param {string} name */
export function temporaryFolder(name) {
  const folder = mkdtempSync(path.join(tmpdir(), `flue-${name}-`));
  atExit.add(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * A server process that can be killed and started again on the same port and folder.
 * @param {{ command: string, args: string[], port: number, env?: NodeJS.ProcessEnv, uid?: number, cwd?: string }}
 * options
 */
export async function startServer({ command, args, port, env, uid, cwd }) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  let output = '';
  const start = async () => {
    child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid && { uid, gid: uid }),
    });
    child.stdout?.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
    child.stderr?.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
    child.on('error', (error) => (output += error.message));
    await listening(
      port,
      () => child?.exitCode === null,
      () => output,
    );
  };
  const end = (/** @type {NodeJS.Signals} */ signal) =>
    new Promise((resolve) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return resolve(undefined);
      child.once('exit', resolve);
      child.kill(signal);
    });
  atExit.add(() => child?.kill('SIGKILL'));
  await start();
  return {
    port,
    start,
    /** @param {NodeJS.Signals} [signal] */
    stop: (signal = 'SIGTERM') => end(signal),
    output: () => output,
    pid: () => child?.pid,
  };
}

/** @param {number} port @param {() => boolean} alive @param {() => string} output */
async function listening(port, alive, output) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (!alive()) break;
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no server on port ${port}:\n${output()}`);
}

/** @param {number} port @returns {Promise<boolean>} */
export function answers(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
