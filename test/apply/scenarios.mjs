// What is attacked: whole runs of the built program, each on a project of its own, with a package manager of our making
// where it installs.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
export const bin = path.join(root, 'bin/flue.js');
const faults = path.join(import.meta.dirname, 'faults.cjs');

/**
 * Installs as a package manager does: a lockfile, packages, and a rewritten one that was there. `$EXIT` is its exit
 * code, `$WAIT` how long it takes.
 */
const packageManager = `#!/bin/sh
cd "$LOCK_ROOT" || exit 9
[ -z "$WAIT" ] || sleep "$WAIT"
printf '{ "packages": { "node_modules/@flue/postgres": {}, "node_modules/pg": {} } }' > package-lock.json
mkdir -p node_modules/pg node_modules/@flue/postgres
echo '{ "version": "8.99.0" }' > node_modules/pg/package.json
echo '{ "version": "2.0.3" }' > node_modules/@flue/postgres/package.json
exit $EXIT
`;

/**
 * @typedef {object} Scenario
 * @property {string} fixture
 * @property {string[]} args
 * @property {string} [cwd] the project in the tree
 * @property {(folder: string) => void} [alter] what makes it another than the fixture
 * @property {'works' | 'fails'} [install]
 * @property {string[]} [first] a run that comes before
 * @property {string} [beside] where the project stands once more
 * @property {number} code
 */

const add = ['add', 'database', 'postgres', '--yes'];

/** @type {Record<string, Scenario>} */
export const scenarios = {
  add: { fixture: 'dotenv/quoted', args: [...add, '--no-install'], code: 0 },
  'add with an install': { fixture: 'dotenv/quoted', args: add, install: 'works', code: 0 },
  'add with an install that fails': { fixture: 'dotenv/quoted', args: add, install: 'fails', code: 4 },
  'add below new folders': {
    fixture: 'db-entries/option',
    args: [...add, '--no-install'],
    alter: (folder) => {
      const config = path.join(folder, 'flue.config.ts');
      writeFileSync(config, readFileSync(config, 'utf8').replace('./server/store.ts', './server/a/b/store.ts'));
    },
    code: 0,
  },
  'add beside links': {
    fixture: 'dotenv/quoted',
    args: [...add, '--no-install'],
    alter: (folder) => {
      linkSync(path.join(folder, '.env.example'), path.join(folder, 'same-file'));
      chmodSync(path.join(folder, '.env.example'), 0o640);
      mkdirSync(path.join(folder, 'shared'));
      cpSync(path.join(folder, 'package.json'), path.join(folder, 'shared/package.json'));
      rmSync(path.join(folder, 'package.json'));
      symlinkSync('shared/package.json', path.join(folder, 'package.json'));
    },
    code: 0,
  },
  replace: {
    fixture: 'db-entries/foreign-replace',
    args: [...add, '--no-install', '--on-existing', 'replace'],
    code: 0,
  },
  remove: {
    fixture: 'dotenv/quoted',
    first: [...add, '--no-install'],
    args: ['remove', 'database', '--yes', '--no-install'],
    code: 0,
  },
  'remove what replaced': {
    fixture: 'db-entries/foreign-replace',
    first: [...add, '--no-install', '--on-existing', 'replace'],
    args: ['remove', 'database', '--yes', '--no-install'],
    code: 0,
  },
  'add in a member': {
    fixture: 'package-managers/workspace-npm',
    cwd: 'packages/agents',
    args: add,
    install: 'works',
    code: 0,
  },
};

/** A folder of its own, that goes away with this process. @param {string} name */
export function folderFor(name) {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), `flue-${name}-`)));
  made.push(folder);
  return folder;
}
/** @type {string[]} */
const made = [];
process.on('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/**
 * A project and the user who works on it.
 * @typedef {{ tree: string, project: string, state: string, env: NodeJS.ProcessEnv, args: string[] }} Place
 */

/** A scenario, ready to run. @param {Scenario} scenario @returns {Promise<Place>} */
export async function place(scenario) {
  const home = folderFor('attack');
  const [tree, state, programs] = ['tree', 'state', 'bin'].map((name) => path.join(home, name));
  for (const folder of [state, programs]) mkdirSync(folder);
  cpSync(path.join(root, 'fixtures', scenario.fixture, 'before'), tree, { recursive: true, verbatimSymlinks: true });
  mkdirSync(path.join(tree, '.git'));
  scenario.alter?.(tree);
  if (scenario.beside)
    cpSync(path.join(tree, scenario.cwd ?? '.'), path.join(tree, scenario.beside), { recursive: true });
  writeFileSync(path.join(programs, 'npm'), packageManager, { mode: 0o755 });
  const project = path.join(tree, scenario.cwd ?? '.');
  const env = {
    PATH: `${programs}${path.delimiter}${process.env.PATH}`,
    HOME: home,
    XDG_STATE_HOME: state,
    LOCK_ROOT: tree,
    EXIT: scenario.install === 'fails' ? '7' : '0',
  };
  const made = { tree, project, state, env, args: scenario.args };
  if (scenario.first) await run({ ...made, args: scenario.first });
  return made;
}

/**
 * Runs the program. `orders`: see faults.cjs. A `null` code is a kill.
 * @param {Place} place @param {object} [orders]
 * @returns {Promise<{ code: number | null, said: string, stdout: string }>}
 */
export function run({ project, env, args }, orders) {
  const before = orders ? ['--require', faults] : [];
  const child = spawn(process.execPath, [...before, bin, ...args], {
    cwd: project,
    env: { ...env, ...(orders && { FLUE_TEST_FAULTS: JSON.stringify(orders) }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let stdout = '';
  child.stdout.on('data', (piece) => {
    stdout += piece;
  });
  child.stderr.on('data', (piece) => {
    said += piece;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said, stdout })));
}

/**
 * A run that puts back what is left, and then finds that it makes no sense: exit 2.
 * @param {Place} place
 * @param {object} [orders]
 */
export function putBack(place, orders) {
  const args = ['add', 'database', 'redis', '--client', 'nope.ts#x', '--yes', '--no-install'];
  return run({ ...place, args }, orders);
}

/**
 * Everything below a folder: kind, mode, owner, where links lead, and bytes.
 * @param {string} folder
 * @returns {Record<string, string>}
 */
export function stateOf(folder) {
  /** @type {Record<string, string>} */
  const state = {};
  /** @param {string} relative */
  const walk = (relative) => {
    for (const name of readdirSync(path.join(folder, relative)).sort()) {
      const at = path.posix.join(relative, name);
      state[at] = entryOf(path.join(folder, at));
      if (state[at].startsWith('folder ')) walk(at);
    }
  };
  walk('.');
  return state;
}

/** @param {string} absolute @returns {string} */
function entryOf(absolute) {
  const stat = lstatSync(absolute);
  const form = `${(stat.mode & 0o7777).toString(8)} ${stat.uid}:${stat.gid} ${stat.isFile() ? stat.nlink : ''}`;
  if (stat.isSymbolicLink()) return `link ${readlinkSync(absolute)}`;
  if (stat.isDirectory()) return `folder ${form}`;
  return stat.isFile() ? `file ${form} ${readFileSync(absolute, 'latin1')}` : `other ${form}`;
}

/** What differs between two states, by name. @param {Record<string, string>} one @param {Record<string, string>} two */
export function difference(one, two) {
  return [...new Set([...Object.keys(one), ...Object.keys(two)])].filter((name) => one[name] !== two[name]);
}
