// A registry on 127.0.0.1 that serves the stand-in adapters and passes everything else on to the one npm is set up for.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { runServer } from 'verdaccio';
import { temporaryFolder } from './process.mjs';

const standIns = path.join(import.meta.dirname, '../stand-ins');
const versions = ['1.0.0-beta.9', '2.0.3'];
/** Empty ones of Flue's own, for tests that never run Flue. */
const light = ['runtime', 'cli'];

/**
 * Starts it and publishes every stand-in at both Flue lines. `lightRuntime`: also an empty `@flue/runtime` and `@flue/cli`, for tests that
 * install many times and never run Flue; the real ones have 300 MB of dependencies.
 * @param {{ lightRuntime?: boolean }} [options] @returns {Promise<{ url: string, env: NodeJS.ProcessEnv, close(): void }>}
 */
export async function startRegistry({ lightRuntime = false } = {}) {
  const folder = temporaryFolder('registry');
  const uplink = execFileSync('npm', ['config', 'get', 'registry'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
  const server = await runServer(/** @type {any} */ (configuration(folder, uplink, lightRuntime)));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = server.address();
  const url = `http://127.0.0.1:${port}/`;
  const env = environment(folder, url, port);
  await Promise.all(
    readdirSync(standIns)
      .filter((name) => isPackage(name) && (lightRuntime || !light.includes(name)))
      .map((name) => publish(folder, name, env)),
  );
  return { url, env, close: () => server.close() };
}

/** `mongodb` is only the contract's types. @param {string} name */
function isPackage(name) {
  return existsSync(path.join(standIns, name, 'index.js'));
}

/** @param {string} folder @param {string} uplink @param {boolean} lightRuntime */
function configuration(folder, uplink, lightRuntime) {
  return {
    self_path: folder,
    storage: path.join(folder, 'storage'),
    uplinks: { public: { url: uplink, timeout: '60s', maxage: '60m', max_fails: 100, cache: true } },
    packages: {
      ...(lightRuntime &&
        Object.fromEntries(light.map((name) => [`@flue/${name}`, { access: '$all', publish: '$anonymous' }]))),
      '@flue/*': { access: '$all', publish: '$anonymous', proxy: 'public' },
      '**': { access: '$all', proxy: 'public' },
    },
    log: { type: 'stdout', format: 'pretty', level: 'fatal' },
    max_body_size: '100mb',
    server: { keepAliveTimeout: 60 },
  };
}

/** What makes npm, pnpm, yarn, bun and deno use it. @param {string} folder @param {string} url @param {number} port */
function environment(folder, url, port) {
  const npmrc = path.join(folder, 'npmrc');
  writeFileSync(
    npmrc,
    `registry=${url}\n//127.0.0.1:${port}/:_authToken=anyone\naudit=false\nfund=false\nupdate-notifier=false\n`,
  );
  return {
    npm_config_userconfig: npmrc,
    NPM_CONFIG_USERCONFIG: npmrc,
    npm_config_registry: url,
    NPM_CONFIG_REGISTRY: url,
    YARN_REGISTRY: url,
    YARN_NPM_REGISTRY_SERVER: url,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    BUN_CONFIG_REGISTRY: url,
    // Their caches do not tell this registry from the last one, which had other stand-ins on another port.
    DENO_DIR: path.join(folder, 'deno'),
    BUN_INSTALL_CACHE_DIR: path.join(folder, 'bun'),
    YARN_CACHE_FOLDER: path.join(folder, 'yarn'),
    YARN_GLOBAL_FOLDER: path.join(folder, 'yarn-berry'),
    COREPACK_ENABLE_STRICT: '0',
  };
}

/** @param {string} folder @param {string} name @param {NodeJS.ProcessEnv} env */
async function publish(folder, name, env) {
  for (const version of versions) {
    const at = path.join(folder, 'packages', `${name}-${version}`);
    mkdirSync(at, { recursive: true });
    for (const file of ['durable.js', 'probes.js']) cpSync(path.join(standIns, file), path.join(at, file));
    cpSync(path.join(standIns, name), at, { recursive: true });
    const manifest = {
      name: `@flue/${name}`,
      version,
      description: 'A stand-in for tests, not the adapter',
      type: 'module',
      exports: { '.': { types: './index.d.ts', import: './index.js' } },
      ...(!light.includes(name) && { peerDependencies: { '@flue/runtime': '*' } }),
      ...(name === 'cli' && { bin: { flue: './index.js' } }),
    };
    writeFileSync(path.join(at, 'package.json'), JSON.stringify(manifest));
    const tag = version.includes('-') ? 'beta' : 'stand-in';
    await promisify(execFile)('npm', ['publish', '--tag', tag, '--ignore-scripts'], {
      cwd: at,
      env: { ...process.env, ...env },
    });
  }
}
