// Real Flue projects: the samples, installed by a real package manager, built by Flue itself, run as a server, talked
// to over HTTP.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fetchedPackage } from './package-managers.mjs';
import { freePort, startServer, temporaryFolder } from './process.mjs';

const root = path.join(import.meta.dirname, '../..');

/** A Node that Flue accepts (22.19 or newer): this one, or 22 from npm, kept in `.cache`. @returns {string} */
export function modernNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return process.execPath;
  return nodeOf('22');
}

/** The newest Node of a major version, from npm. @param {string} major @returns {string} */
export function nodeOf(major) {
  return path.join(fetchedPackage(`node@${major}`), 'node/bin/node');
}

/**
 * A sample project in a new folder, not installed yet. `keep`: the folder stays when this process ends.
 * @param {'beta' | 'two'} line @param {{ keep?: boolean }} [options]
 */
export function sampleProject(line, { keep = false } = {}) {
  const folder = realpathSync(keep ? mkdtempSync(path.join(tmpdir(), `flue-${line}-`)) : temporaryFolder(line));
  cpSync(path.join(root, 'examples', line), folder, { recursive: true });
  mkdirSync(path.join(folder, '.git'));
  return folder;
}

/**
 * Runs a program in a project with Flue's Node first on the path. Never rejects.
 * @param {string} folder @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ code: number, stdout: string, output: string }>}
 */
export function runIn(folder, command, args, env = {}) {
  const paths = [path.join(folder, 'node_modules/.bin'), path.dirname(modernNode()), env.PATH ?? process.env.PATH];
  const options = {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', ...env, PATH: paths.join(path.delimiter) },
    maxBuffer: 1 << 26,
  };
  return new Promise((resolve) => {
    const child = execFile(command, args, options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) || 1 : 0, stdout, output: stdout + stderr }),
    );
    child.stdin?.end();
  });
}

/**
 * Boots `dist/server.mjs` on a free port of 127.0.0.1.
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} [flags]
 */
export async function bootServer(folder, env, flags = []) {
  const port = await freePort();
  const loopback = path.join(import.meta.dirname, 'loopback.mjs');
  const args = ['--import', loopback, ...flags, path.join(folder, 'dist/server.mjs')];
  const server = await startServer({
    command: modernNode(),
    args,
    port,
    cwd: folder,
    env: { ...env, PORT: String(port) },
  });
  return { ...server, base: `http://127.0.0.1:${port}` };
}

/**
 * Says something to the agent and gives its answer, `turns=<n>`.
 * @param {'beta' | 'two'} line @param {string} base @param {string} conversation @param {string} message
 * @returns {Promise<string>}
 */
export async function talk(line, base, conversation, message) {
  const at = `${base}/agents/echo/${conversation}`;
  const headers = { 'content-type': 'application/json' };
  if (line === 'beta') {
    const response = await fetch(`${at}?wait=result`, { method: 'POST', headers, body: JSON.stringify({ message }) });
    const body = await response.json();
    return body.result?.text ?? JSON.stringify(body);
  }
  const before = (await history(at)).length;
  await fetch(at, { method: 'POST', headers, body: JSON.stringify({ kind: 'user', body: message }) });
  for (let tries = 0; tries < 200; tries += 1) {
    const messages = await history(at);
    const last = messages.at(-1);
    if (messages.length >= before + 2 && last?.role === 'assistant')
      return last.parts?.map((part) => part.text ?? '').join('') ?? JSON.stringify(last);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return JSON.stringify(await history(at));
}

/** @param {string} at @returns {Promise<any[]>} */
export async function history(at) {
  const response = await fetch(at);
  return response.ok ? ((await response.json()).messages ?? []) : [];
}
