// Server programs and shells from Debian's packages, unpacked below `.cache` without installing anything: the system's
// own package lists, caches and files are left alone. On a machine that is no Debian, programs on the PATH are used.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fetched } from './fetched.mjs';

/** What is fetched together: the packages, and the suite if it is not the machine's own. */
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
  // Of a newer suite, so with every library that it needs, the C library and its loader among them.
  mysql: { packages: ['mysql-server-core'], suite: 'unstable', libraries: true },
};

/**
 * A program and what it needs to run.
 * @param {keyof typeof sets} set @param {string} program
 * @returns {{ command: string, root: string, env: NodeJS.ProcessEnv }}
 */
export function program(set, program) {
  const root = fetched(`debian/${set}`, (folder) => fetch(set, folder));
  const found = ['usr/bin', 'usr/sbin', 'bin'].map((folder) => path.join(root, folder, program)).find(existsSync);
  if (!found) throw new Error(`${program} is not in ${sets[set].packages.join(', ')}`);
  const libraries = ['usr/lib', 'lib'].flatMap((folder) => librariesBelow(path.join(root, folder)));
  return { command: found, root, env: { LD_LIBRARY_PATH: libraries.join(':') } };
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
  const { packages, suite, libraries } = /** @type {{ packages: string[], suite?: string, libraries?: boolean }} */ (
    sets[set]
  );
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
  const needed = libraries
    ? run('apt-cache', ['depends', '--recurse', ...only, ...packages])
        .split('\n')
        .filter((name) => /^(?:lib|zlib)(?!.*perl)[\w.+-]*$/.test(name))
    : [];
  apt('download', ...packages, ...new Set(needed));
  for (const file of readdirSync(downloads))
    execFileSync('dpkg', ['-x', path.join(downloads, file), folder], { stdio: 'pipe' });
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
