import { posix } from 'node:path';
import type { Manifest } from '../../../project/manifest.ts';
import { type Command, programOf } from '../../../project/scripts.ts';
import type { HostFacts } from '../../../types/facts.ts';
import type { HostCommands } from '../env-file.ts';

/** Programs that run a module, of which the module may be a server. */
const server = /^(?:tsx|ts-node|node|bun|nodemon|vite-node)$/;

function isStart({ words }: Command): boolean {
  const [program = '', ...rest] = words.map(programOf);
  return server.test(program) && rest.some((word) => /^(?:start|server|main|index|app)$/.test(word));
}

function runsPikku({ words }: Command, task: RegExp): boolean {
  const at = words.findIndex((word) => programOf(word) === 'pikku');
  return at >= 0 && task.test(words[at + 1] ?? 'all');
}

/**
 * `pikku dev` and `pikku serve` load the env file of the folder that they run in; what is started by itself loads none.
 */
export const commandsOfPikku: HostCommands = {
  own: { program: 'pikku', flag: '--env-file', folder: '.' },
  develops: (command) =>
    runsPikku(command, /^dev$/) || (isStart(command) && /dev|watch/.test(command.script + command.words.join(' '))),
  builds: (command) => runsPikku(command, /^(?:all|prebuild)$/),
  serves: (command) => runsPikku(command, /^serve$/) || isStart(command),
  usual: posix.normalize('./.env'),
  loadsLocal: false,
};

/** The script that starts it with the environment as it is. */
export function bareStart(manifest: Manifest, { develop, serve }: HostFacts['starts']): string | null {
  const bare = [develop, serve].find((script) => {
    const text = script === null ? '' : String(manifest.scripts?.[script] ?? '');
    return text !== '' && !/\bpikku (?:dev|serve)\b|env-file|dotenv|env-cmd/.test(text);
  });
  return bare ?? null;
}
