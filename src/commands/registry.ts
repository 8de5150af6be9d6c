import { connect } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { managerNamed } from '../knowledge/package-managers/index.ts';
import { openProject } from '../knowledge/package-managers/open.ts';
import { type Project, wayTo } from '../project/project.ts';

/** How long the registry may take to accept a connection. */
const patience = 2000;

/**
 * The registry that an install in this project would ask, where it accepts no connection; null where it does, where a
 * proxy stands between, and for a package manager that does not read `.npmrc`. Nothing is sent.
 */
export async function unreachableRegistry(root: string, packageManager: string): Promise<string | null> {
  const { env } = process;
  const proxy = env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy ?? env.npm_config_proxy;
  if (proxy || !managerNamed(packageManager)?.readsNpmrc) return null;
  const url = registryOf(openProject(root));
  if (url === null) return null;
  const port = Number(url.port) || (url.protocol === 'http:' ? 80 : 443);
  return (await accepts(url.hostname, port)) ? null : url.host;
}

/**
 * As npm looks for it: the environment, the `.npmrc` of the project, of the user, the public one. Null where it is
 * none.
 */
function registryOf({ root, upward, read }: Project): URL | null {
  const { npm_config_userconfig: named = path.join(homedir(), '.npmrc') } = process.env;
  const places = [...upward.map((folder) => `${folder}/.npmrc`), wayTo(root, named)];
  const files = places.map((place) => read(place) ?? '');
  // A proxy that only a file names cannot be asked here.
  if (files.some((text) => /^\s*(?:https?-)?proxy\s*=/m.test(text))) return null;
  const written = files.map((text) => /^\s*registry\s*=\s*(\S+)/m.exec(text)?.[1]).find((one) => one !== undefined);
  const asked = process.env.npm_config_registry ?? process.env.NPM_CONFIG_REGISTRY ?? written;
  try {
    return new URL(asked ?? 'https://registry.npmjs.org/');
  } catch {
    return null;
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(patience, () => end(false));
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
  });
}
