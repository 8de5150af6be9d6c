import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * The environment as Yarn makes it for a program: with its map, and where it made one the loader for ES modules, in
 * whatever Node runs below.
 */
export function withPnp(map: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const loader = pathToFileURL(map.replace(/\.cjs$/, '.loader.mjs'));
  const code = `import { register } from 'node:module'; register('${loader.href}');`;
  const options = [
    `--require "${map.replace(/["\\]/g, '\\$&')}"`,
    `--import data:text/javascript,${encodeURIComponent(code)}`,
  ];
  const { NODE_OPTIONS = '' } = env;
  return {
    ...env,
    NODE_OPTIONS: [NODE_OPTIONS, ...options.slice(0, existsSync(loader) ? 2 : 1)].join(' ').trim(),
  };
}
