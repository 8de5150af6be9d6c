import { once } from '../../memo.ts';
import type { Manifest } from '../../project/manifest.ts';
import { inFolder } from '../../project/project.ts';
import type { Owner } from '../../types/source.ts';
import type { PackageView, SchemaOwner } from './index.ts';

/** A script of package.json: each of its commands as words, what only starts the program left out. */
interface Script {
  name: string;
  line: string;
  commands(): string[][];
}

/** What starts another program and is none itself, besides package managers: wrappers, interpreters. */
const starters = new Set(
  [
    'npx pnpx bunx exec dlx x run -- cross-env cross-env-shell env sudo time dotenv dotenvx',
    'env-cmd node tsx ts-node ts-node-esm infisical doppler op with-env',
  ].flatMap((line) => line.split(' ')),
);

/** The scripts of a package.json. Words are split at white space, commands at what a shell splits them at. */
export function scriptsOf({ scripts = {} }: Manifest): Script[] {
  return Object.entries(scripts).flatMap(([name, line]) => {
    if (typeof line !== 'string' || line.length > 10_000) return [];
    const split = () => line.split(/&&|\|\||[;|&\n]/).map((one) => one.trim().split(/\s+/).map(bare));
    return [{ name, line, commands: once(split) }];
  });
}

function bare(word: string): string {
  return word.replace(/^["']|["']$/g, '');
}

/**
 * The program of a command and its words; null where only a script of the project or a file is run.
 * @param managers the programs of package managers
 */
export function programOf(
  words: readonly string[],
  managers: readonly string[],
): { program: string; words: readonly string[] } | null {
  const isStarter = (word: string) => starters.has(word) || managers.includes(word);
  const at = words.findIndex(
    (word) => !isStarter(word) && !/^-|^\w+=/.test(word) && !/^\.?\.?[\w./-]*\.env/.test(word),
  );
  const word = words[at];
  if (word === undefined) return null;
  const program = word
    .split('/')
    .at(-1)!
    .replace(/(?<=.)@[\w.^~-]+$/, '')
    .replace(/\.[mc]?[jt]s$/, '');
  return { program, words: words.slice(at + 1) };
}

/** Whether a script runs a command: the program, and behind it these words in this order, others between them. */
export function runs(script: Script, command: string): boolean {
  const [program = '', ...wanted] = command.split(' ');
  if (!script.line.includes(program)) return false;
  return script.commands().some((words) => {
    const at = words.findIndex(
      (word) =>
        word
          .split('/')
          .at(-1)!
          .replace(/(?<=.)@[\w.^~-]+$/, '') === program,
    );
    if (at < 0) return false;
    let next = at + 1;
    return wanted.every((word) => {
      const found = words.findIndex((one, index) => index >= next && one.split('=')[0] === word);
      next = found + 1;
      return found >= 0;
    });
  });
}

/** The first script that runs one of the commands; undefined where none does. */
export function scriptRunning(manifest: Manifest, commands: readonly string[]): Script | undefined {
  return scriptsOf(manifest).find((script) => commands.some((command) => runs(script, command)));
}

/** What a script says of a tool: that it makes the database equal to its model, by a connection that is not seen. */
export function pushedByScript(
  { manifest, folder }: PackageView,
  { name, commands }: Pick<SchemaOwner, 'name' | 'commands'>,
): Owner[] {
  const command = commands.find((one) => scriptRunning(manifest, [one]));
  if (command === undefined) return [];
  return [{ path: inFolder(folder, 'package.json'), tool: name, engine: null, pushes: true, variables: [], command }];
}
