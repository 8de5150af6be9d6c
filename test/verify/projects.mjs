// Projects that `verify` runs: written by `add` itself, with the drivers and the Vite that this package has. The
// adapters are not installed, for what runs is the db entry, and `verify` stands in for them.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../servers/process.mjs';

const root = path.join(import.meta.dirname, '../..');
export const bin = path.join(root, 'bin/flue.js');

/**
 * @typedef {object} Sample
 * @property {string} database @property {string} driver
 * @property {string} [at] the major of the driver, where it is not the default: `4`
 * @property {string} [flue] the version of the runtime
 * @property {string} [client] the text of `src/client.ts`, for `--client`
 * @property {(text: string) => string} [change] of what `add` wrote
 * @property {boolean} [javascript]
 */

/**
 * An empty Flue project.
 * @param {{ flue?: string, javascript?: boolean, dependencies?: Record<string, string> }} [options]
 */
export function emptyProject({ flue = '2.0.3', javascript = false, dependencies = {} } = {}) {
  const folder = temporaryFolder('verified');
  for (const name of ['.git', 'src', 'node_modules']) mkdirSync(path.join(folder, name));
  const manifest = {
    name: 'verified',
    private: true,
    type: 'module',
    dependencies: { '@flue/runtime': flue, ...dependencies },
  };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  writeFileSync(path.join(folder, 'flue.config.ts'), "export default { target: 'node' };\n");
  if (!javascript) writeFileSync(path.join(folder, 'tsconfig.json'), '{}\n');
  link(folder, 'vite', 'vite');
  return folder;
}

/**
 * A package of this repository, in the project under the name that it is imported by.
 * @param {string} folder
 * @param {string} name
 * @param {string} from
 */
export function link(folder, name, from) {
  const to = path.join(folder, 'node_modules', name);
  mkdirSync(path.dirname(to), { recursive: true });
  if (!existsSync(to)) symlinkSync(path.join(root, 'node_modules', from), to);
}

/** A project with a db entry as `add` writes it. @param {Sample} sample @returns {Promise<string>} */
export async function project({ database, driver, at, flue, client, change, javascript }) {
  const declared = at ? { [driver]: `^${versionOf(`${driver}-${at}`)}` } : {};
  const folder = emptyProject({ ...(flue && { flue }), ...(javascript && { javascript }), dependencies: declared });
  if (client) writeFileSync(path.join(folder, 'src/client.ts'), client);
  const using = client ? ['--client', 'src/client.ts#client'] : [];
  const args = [
    'add',
    'database',
    database,
    '--driver',
    driver,
    ...using,
    '--package-manager',
    'npm',
    '--no-install',
    '--yes',
  ];
  const added = await runFlue(args, folder);
  if (added.code !== 0) throw new Error(added.output);
  if (existsSync(path.join(root, 'node_modules', driver))) link(folder, driver, at ? `${driver}-${at}` : driver);
  if (change) edit(folder, change);
  return folder;
}

/**
 * Changes the db entry; a change that changes nothing is an error.
 * @param {string} folder
 * @param {(text: string) => string} change
 */
export function edit(folder, change) {
  const file = ['src/db.ts', 'src/db.js'].map((one) => path.join(folder, one)).find(existsSync) ?? '';
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  if (after === before) throw new Error('the change changes nothing');
  writeFileSync(file, after);
}

/** @param {string} alias */
function versionOf(alias) {
  return JSON.parse(readFileSync(path.join(root, 'node_modules', alias, 'package.json'), 'utf8')).version;
}

/**
 * @typedef {{ code: number, stdout: string, stderr: string, output: string }} Ran
 * @param {string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} [env]
 * @param {string} [node]
 * @returns {Promise<Ran>}
 */
export function runFlue(args, cwd, env = {}, node = process.execPath) {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, NODE_ENV: '', ...env }, maxBuffer: 1 << 26 };
    execFile(node, [bin, ...args], options, (error, stdout, stderr) => {
      const failed = typeof error?.code === 'number' ? error.code : 128;
      const code = error ? failed : 0;
      resolve({ code, stdout, stderr, output: stdout + stderr });
    }).stdin?.end();
  });
}

/**
 * Runs `verify database --json` and gives what it printed.
 * @param {string} folder @param {NodeJS.ProcessEnv} env @param {string[]} [more] @param {string} [node]
 * @returns {Promise<Ran & { checks: any[], problem: any, failed: string[], warned: string[] }>}
 */
export async function verified(folder, env, more = [], node = process.execPath) {
  const ran = await runFlue(['verify', 'database', '--json', ...more], folder, env, node);
  const report = JSON.parse(ran.stdout);
  const checks = report.checks ?? [];
  const of = (/** @type {string} */ severity) =>
    checks
      .filter((/** @type {any} */ one) => one.ok === false && one.severity === severity)
      .map((/** @type {any} */ one) => one.code);
  return { ...ran, checks, problem: report.problem, failed: of('error'), warned: of('warning') };
}
