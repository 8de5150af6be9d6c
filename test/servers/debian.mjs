// Server programs and shells from Debian's packages, unpacked below `.cache` without installing anything: the system's
// own package lists, caches and files are left alone. On a machine that is no Debian, programs on the PATH are used.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fetched } from './fetched.mjs';

/**
 * What is fetched together: the packages, and the suite if it is not the machine's own; of `unstable` every library
 * that they need, too, the C library and its loader among them. `links`: what an installation would link, by the place
 * of the link.
 * @typedef {{ packages: string[], suite?: string, links?: Record<string, string> }} PackageSet
 */
const sets = {
  redis: { packages: ['redis-server', 'redis-tools', 'liblzf1', 'libjemalloc2'] },
  valkey: { packages: ['valkey-server', 'valkey-tools', 'liblzf1', 'libjemalloc2'], suite: 'backports' },
  mariadb: {
    packages: [
      'mariadb-server',
      'mariadb-server-core',
      'mariadb-client-core',
      'mariadb-common',
      'liburing2',
      'libaio1',
    ],
  },
  shells: { packages: ['zsh', 'zsh-common', 'fish', 'fish-common', 'libpcre2-32-0'] },
  pgbouncer: { packages: ['pgbouncer', 'libc-ares2', 'libevent-2.1-7'] },
  mysql: { packages: ['mysql-server-core'], suite: 'unstable' },
  documentdb: {
    packages: [
      'postgresql-18',
      'postgresql-18-documentdb',
      'postgresql-18-cron',
      'postgresql-18-pgvector',
      'postgresql-18-postgis-3',
      'postgresql-18-postgis-3-scripts',
    ],
    suite: 'unstable',
    links: { 'usr/share/postgresql/18/extension/postgis.control': 'postgis-3.control' },
  },
};

/**
 * A program and what it needs to run.
 * @param {keyof typeof sets} set @param {string} program
 * @returns {{ command: string, root: string, env: NodeJS.ProcessEnv }}
 */
export function program(set, program) {
  const root = fetched(`debian/${set}`, (folder) => fetch(set, folder));
  const folders = ['usr/bin', 'usr/sbin', 'bin', 'usr/lib/postgresql/18/bin'];
  const found = folders.map((folder) => path.join(root, folder, program)).find(existsSync);
  if (!found) throw new Error(`${program} is not in ${sets[set].packages.join(', ')}`);
  const libraries = ['usr/lib', 'lib'].flatMap((folder) => librariesBelow(path.join(root, folder)));
  return { command: found, root, env: { LD_LIBRARY_PATH: libraries.join(':') } };
}

/**
 * A program of a newer suite: started through that suite's own loader, so that the machine's C library does not matter.
 * `args` stand in front of its own. `beside`: a folder of libraries that only this program loads.
 * @param {keyof typeof sets} set @param {string} name @param {string} [beside]
 * @returns {{ command: string, args: string[], root: string, env: NodeJS.ProcessEnv }}
 */
export function loadedProgram(set, name, beside = '') {
  const { command, root } = program(set, name);
  const [libraries = ''] = librariesBelow(path.join(root, 'usr/lib')).slice(1);
  const loader = readdirSync(libraries).find((file) => /^ld-linux.*\.so\.\d+$/.test(file)) ?? '';
  const args = ['--library-path', `${libraries}:${path.join(root, beside)}`, command];
  // The loader finds every library itself; the machine's own programs must not see them.
  return { command: path.join(libraries, loader), args, root, env: { LD_LIBRARY_PATH: '' } };
}

/** @param {string} folder @returns {string[]} */
function librariesBelow(folder) {
  if (!existsSync(folder)) return [];
  const nested = readdirSync(folder)
    .filter((name) => name.includes('-linux-'))
    .map((name) => path.join(folder, name));
  return [folder, ...nested];
}

/** Unpacks the packages of a set into a folder. @param {keyof typeof sets} set @param {string} folder */
function fetch(set, folder) {
  const { packages, suite, links = {} } = /** @type {PackageSet} */ (sets[set]);
  const state = path.join(folder, '../apt', suite ?? 'main');
  const downloads = path.join(folder, 'downloads');
  for (const one of [downloads, path.join(state, 'lists/partial'), path.join(state, 'archives/partial')])
    mkdirSync(one, { recursive: true });
  const list = path.join(state, 'sources.list');
  writeFileSync(list, sourcesFor(suite));
  const options = [
    '-o',
    `Dir::Etc::sourcelist=${list}`,
    '-o',
    'Dir::Etc::sourceparts=-',
    '-o',
    `Dir::State::lists=${path.join(state, 'lists')}`,
    '-o',
    'Acquire::Retries=5',
  ];
  const run = (/** @type {string} */ program, /** @type {string[]} */ args) =>
    execFileSync(program, [...options, '-o', `Dir::Cache=${state}`, '-o', 'APT::Sandbox::User=root', ...args], {
      cwd: downloads,
      stdio: 'pipe',
      encoding: 'utf8',
    });
  const apt = (/** @type {string[]} */ ...args) => run('apt-get', ['-qq', ...args]);
  // Every time, for an old list names packages that are gone.
  apt('update');
  const depends = (/** @type {string[]} */ ...args) => run('apt-cache', ['depends', ...only, ...args]);
  const direct = suite === 'unstable' ? librariesIn(depends(...packages)) : [];
  const needed = direct.length > 0 ? librariesIn(depends('--recurse', ...direct)) : [];
  apt('download', ...packages, ...new Set([...direct, ...needed]));
  for (const file of readdirSync(downloads))
    execFileSync('dpkg', ['-x', path.join(downloads, file), folder], { stdio: 'pipe' });
  rmSync(downloads, { recursive: true });
  for (const [link, target] of Object.entries(links)) symlinkSync(target, path.join(folder, link));
}

/**
 * The libraries that are named in what `apt-cache depends` prints, one a line. Not those of Perl, and not those that
 * hundreds of others hang on and the servers here do not load.
 * @param {string} text
 */
function librariesIn(text) {
  const names = text.split('\n').map((line) => line.replace(/^[ |]*(?:\w+: )?/, ''));
  return names.filter((name) => /^(?:lib|zlib)(?!.*perl|gdal|sfcgal)[\w.+-]*$/.test(name));
}

/** What a package cannot do without, and nothing else. */
const only = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((one) => `--no-${one}`);

/**
 * The machine's own Debian source, or that of another suite, or with its backports where they are asked for.
 * @param {string} [suite]
 */
function sourcesFor(suite) {
  const release = /VERSION_CODENAME=(\w+)/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  const file = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list'].find(existsSync) ?? '';
  const text = readFileSync(file, 'utf8');
  const uri = /^URIs:\s*(\S+)/m.exec(text)?.[1] ?? /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/m.exec(text)?.[1];
  const suites = suite === 'unstable' ? [suite] : [release, ...(suite ? [`${release}-${suite}`] : [])];
  return suites.map((one) => `deb ${uri} ${one} main\n`).join('');
}
