import path from 'node:path';
import type { Manifest } from '../../project/manifest.ts';
import { type Command, commandsOf, flagIn, programOf, scriptStarted } from '../../project/scripts.ts';
import type { EnvFile, Starts } from '../../types/facts.ts';
import type { Known } from './index.ts';

/**
 * A command, and the env file that is loaded by the time it runs: by itself, by a wrapper, or by the script that
 * started its script.
 */
interface Started extends Command {
  /** From the package folder; null where none is named. */
  envFile: string | null;
}

/** Programs whose `--env-file` is about a container, not about this project's processes. */
const containers = /^(?:docker|docker-compose|podman|nerdctl|kubectl)$/;

/** Programs that load the file behind their own flag and then start another program, or run code with it. */
const loaders: { program: RegExp; flags: string[] }[] = [
  { program: /^dotenv$/, flags: ['-e'] },
  { program: /^dotenvx$/, flags: ['-f', '--env-file'] },
  { program: /^env-cmd$/, flags: ['-f', '--file'] },
];

/** Where scripts stand, and the programs of package managers, which start scripts. */
type Scripts = Pick<Known, 'manifest' | 'managers'>;

/** A host's program, its flag for an env file, and the folder from which it looks for that file. */
interface OwnFlag {
  program: string;
  flag: string;
  folder: string;
}

/** The env file that a command names, from the package folder; null where it names none. */
export function envFileOf({ cwd, env, words }: Command, own: OwnFlag): string | null {
  const programs = words.map(programOf);
  const at = programs.indexOf(own.program);
  const ofHost = at < 0 ? null : flagIn(words.slice(at), own.flag);
  if (ofHost !== null) return plainPath(own.folder, ofHost);
  const options = (env.NODE_OPTIONS ?? '').split(/\s+/);
  const ofNode = ['--env-file', '--env-file-if-exists'];
  const named =
    loaders
      .map((one) => (programs.some((name) => one.program.test(name)) ? flagIn(words, ...one.flags) : null))
      .find(Boolean) ??
    (programs.some((name) => containers.test(name))
      ? null
      : (flagIn(words, ...ofNode) ?? flagIn(options, ...ofNode))) ??
    flagIn(words, 'dotenv_config_path') ??
    env.DOTENV_CONFIG_PATH ??
    null;
  return named === null ? null : plainPath(cwd, named);
}

/** A file that can be named to people: no variable in it, and no template that is copied. */
function plainPath(cwd: string, named: string): string | null {
  if (!/^[\w./@+-]+$/.test(named) || path.posix.isAbsolute(named)) return null;
  if (/(?:^|[._-])(?:example|sample|template|dist)(?:[._-]|$)/.test(path.posix.basename(named))) return null;
  return path.posix.normalize(path.posix.join(cwd, named));
}

/**
 * What a script comes to: its own commands and those of the scripts that it starts, each with the env file that is
 * loaded for it.
 */
function startedBy(script: string, scripts: Scripts, own: OwnFlag, before: readonly string[] = []): Started[] {
  if (before.includes(script)) return [];
  const { manifest, managers } = scripts;
  const line = { scripts: { [script]: manifest.scripts?.[script] ?? '' } };
  return commandsOf(line, managers).flatMap((command): Started[] => {
    const envFile = envFileOf(command, own);
    const next = scriptStarted(command, manifest, managers);
    const further = next === null ? [] : startedBy(next, scripts, own, [...before, script]);
    return [{ ...command, envFile }, ...further.map((one) => ({ ...one, envFile: one.envFile ?? envFile }))];
  });
}

/** Scripts by which people start what they work on, the likeliest first; then what runs it for others. */
const likely = [
  /^dev$/,
  /^develop$/,
  /^(?:dev|start)[:-](?:dev|local|flue|agents?|server|api)\b/,
  /^dev[:-]/,
  /^flue/,
  /^start$/,
  /^serve$/,
  /^run/,
  /./,
];

/** The scripts of package.json that people are likely to type, likeliest first. */
function scriptsByUse({ scripts = {} }: Manifest): string[] {
  const rank = (name: string) => likely.findIndex((pattern) => pattern.test(name));
  return Object.keys(scripts).toSorted((one, other) => rank(one) - rank(other));
}

/** What a host knows of its own commands. */
export interface HostCommands {
  own: OwnFlag;
  develops(command: Command): boolean;
  builds(command: Command): boolean;
  serves(command: Command): boolean;
  /** The env file that the host loads where nothing names another. */
  usual: string;
}

/**
 * The scripts that start the project, and the env file that is loaded when people work on it: that of the script by
 * which they develop, else the one file that the scripts which run it agree on, else the host's own.
 */
export function inspectStarts(scripts: Scripts, commands: HostCommands): { starts: Starts; envFile: EnvFile } {
  const all = scriptsByUse(scripts.manifest).map((script) => ({
    script,
    runs: startedBy(script, scripts, commands.own),
  }));
  const first = (is: (command: Command) => boolean) => all.find(({ runs }) => runs.some(is))?.script ?? null;
  const starts: Starts = {
    develop: first(commands.develops),
    build: first(commands.builds),
    serve: first(commands.serves),
  };
  const usual: EnvFile = {
    value: commands.usual,
    script: null,
    because: 'it is what is loaded where nothing else is named',
  };
  const developing = all.find(({ script }) => script === starts.develop)?.runs.find(commands.develops);
  const loaded = (script: string, value: string): EnvFile => ({
    value,
    script,
    because: `the script \`${script}\` loads it`,
  });
  if (developing) return { starts, envFile: developing.envFile ? loaded(starts.develop!, developing.envFile) : usual };
  const running = all.filter(({ script }) => /^(?:dev|start|serve|flue|run)/.test(script));
  const named = running.flatMap(({ script, runs }) =>
    runs.flatMap(({ envFile }) => (envFile ? [loaded(script, envFile)] : [])),
  );
  const agree = new Set(named.map(({ value }) => value)).size === 1;
  return { starts, envFile: agree ? named[0]! : usual };
}
