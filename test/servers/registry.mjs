// A registry on 127.0.0.1 that serves the stand-in adapters and passes everything else on to the one npm is set up for.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runServer } from 'verdaccio';
import { temporaryFolder } from './process.mjs';

const standIns = path.join(import.meta.dirname, '../stand-ins');
const cache = path.join(import.meta.dirname, '../../.cache/registry');
const versions = ['1.0.0-beta.9', '2.0.3'];
/** Empty ones of Flue's own, for tests that never run Flue. */
const light = ['runtime', 'cli'];

/**
 * Starts it and publishes every stand-in at both Flue lines. `lightRuntime`: also an empty `@flue/runtime` and
 * `@flue/cli`, for tests that install many times and never run Flue; the real ones have 300 MB of dependencies.
 * @param {{ lightRuntime?: boolean }} [options]
 * @returns {Promise<{ url: string, env: NodeJS.ProcessEnv, close(): void }>}
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
      .map((name) => publish(folder, name, url)),
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
      // What others published stays the same, so every registry finds what the one before it fetched.
      '**': { access: '$all', proxy: 'public', storage: path.relative(path.join(folder, 'storage'), cache) },
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

/**
 * Publishes a stand-in at both lines, as `npm publish` does, which would take a program for each.
 * @param {string} folder
 * @param {string} name
 * @param {string} url
 */
async function publish(folder, name, url) {
  for (const version of versions) {
    const at = path.join(folder, 'packages', `${name}-${version}`, 'package');
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
    await put(url, manifest, execFileSync('tar', ['-czf', '-', 'package'], { cwd: path.dirname(at) }));
  }
}

/** @param {string} url @param {{ name: string, version: string }} manifest @param {Buffer} tarball */
async function put(url, manifest, tarball) {
  const { name, version } = manifest;
  const file = `${name.replace('@flue/', '')}-${version}.tgz`;
  const hash = (/** @type {string} */ kind, /** @type {'hex' | 'base64'} */ as) =>
    createHash(kind).update(tarball).digest(as);
  const dist = {
    tarball: `${url}${name}/-/${file}`,
    shasum: hash('sha1', 'hex'),
    integrity: `sha512-${hash('sha512', 'base64')}`,
  };
  const data = tarball.toString('base64');
  const answer = await settled(url + name.replace('/', '%2f'), {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: 'Bearer anyone' },
    body: JSON.stringify({
      _id: name,
      name,
      'dist-tags': { [version.includes('-') ? 'beta' : 'stand-in']: version },
      versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
      _attachments: { [file]: { content_type: 'application/octet-stream', data, length: tarball.length } },
    }),
  });
  if (!answer.ok) throw new Error(`${name}@${version} cannot be published: ${answer.status} ${await answer.text()}`);
}

/**
 * Asks again while the registry says that it is busy: it reads the public one before it takes a package.
 * @param {string} url
 * @param {RequestInit} options
 */
async function settled(url, options) {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(url, options);
    if (answer.status !== 503 || tries === 5) return answer;
    await new Promise((resolve) => setTimeout(resolve, tries * 500));
  }
}
