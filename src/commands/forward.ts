import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { home, listBlueprints } from '../blueprints/shelf.ts';
import { inspectCli } from '../knowledge/hosts/flue/cli.ts';
import { addCommandIn } from '../knowledge/package-managers/inspect.ts';
import { isTerminal } from '../output/stream.ts';
import { Problem } from '../problem.ts';

/**
 * A command or a kind that is not ours goes, unchanged and with its streams, signals and exit code, to the project's own
 * `@flue/cli`: this package's binary has the same name, and must not stand in its way. Gives the exit code. Raises `bad-request`
 * where that is not installed.
 */
export async function passOn(words: string[]): Promise<number> {
  const [command, kind] = words;
  const name = command === 'add' ? `flue add ${kind}` : `flue ${command}`;
  if (command === 'add' && listBlueprints().some((one) => one.name === kind || one.aliases.includes(kind ?? ''))) {
    throw new Problem('bad-request', `\`${name}\` lacks the kind`, `\`flue add database ${kind}\``);
  }
  const cli = inspectCli(process.cwd(), addCommandIn);
  if ('file' in cli) return start([cli.file, ...words], process.env);
  if ('pnp' in cli) return start([path.join(home, 'bin/pnp.cjs'), ...words], withPnp(cli.pnp));
  throw new Problem(
    'bad-request',
    `\`${name}\` is not ours but Flue's own, and \`@flue/cli\` is not installed here`,
    `${cli.hint}; ours are \`flue add database\`, \`flue remove database\`, \`flue list\` and \`flue inspect\``,
  );
}

/** As Yarn starts a program: with its map, and where it made one the loader for ES modules, in whatever Node runs below. */
function withPnp(map: string): NodeJS.ProcessEnv {
  const loader = pathToFileURL(map.replace(/\.cjs$/, '.loader.mjs'));
  const code = `import { register } from 'node:module'; register('${loader.href}');`;
  const options = [
    `--require "${map.replace(/["\\]/g, '\\$&')}"`,
    `--import data:text/javascript,${encodeURIComponent(code)}`,
  ];
  const { NODE_OPTIONS = '' } = process.env;
  return {
    ...process.env,
    NODE_OPTIONS: [NODE_OPTIONS, ...options.slice(0, existsSync(loader) ? 2 : 1)].join(' ').trim(),
  };
}

function start(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  // A terminal sends Ctrl-C to both of us, and a second one would cut its ending short.
  const both = ([0, 1, 2] as const).some(isTerminal);
  const pass = (signal: NodeJS.Signals) => (signal === 'SIGINT' && both ? undefined : child.kill(signal));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}
