import path from 'node:path';
import { isIgnored, isTracked } from '../../project/git.ts';
import type { Manifest } from '../../project/manifest.ts';
import type { Project } from '../../project/project.ts';
import {
  type Command,
  commandsOf,
  flagsIn,
  programOf,
  type StartedScript,
  scriptStarted,
} from '../../project/scripts.ts';
import type { EnvFile, Starts } from '../../types/facts.ts';
import type { HostContext } from './index.ts';

/**
 * A command, and the env files that are loaded by the time it runs: by itself, by a wrapper, or by the script that
 * started its script.
 */
interface Started extends Command {
  /** From the package folder, the nearest first; empty where none is named. */
  envFiles: readonly string[];
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
type Scripts = Pick<HostContext, 'manifest' | 'managers'>;

/** A host's program, its flag for an env file, and the folder from which it looks for that file. */
interface OwnFlag {
  program: string;
  flag: string;
  folder: string;
}

/** The env files that a command names, from the package folder. */
function envFilesOf({ cwd, env, words }: Command, own: OwnFlag): string[] {
  const programs = words.map(programOf);
  const at = programs.indexOf(own.program);
  const ofHost = at < 0 ? [] : flagsIn(words.slice(at), own.flag);
  if (ofHost.length > 0) return plainPaths(own.folder, ofHost);
  const options = (env.NODE_OPTIONS ?? '').split(/\s+/);
  const ofNode = ['--env-file', '--env-file-if-exists'];
  const isContainer = programs.some((name) => containers.test(name));
  const named = [
    ...loaders.flatMap(({ program, flags }) =>
      programs.some((name) => program.test(name)) ? flagsIn(words, ...flags) : [],
    ),
    ...(isContainer ? [] : [...flagsIn(words, ...ofNode), ...flagsIn(options, ...ofNode)]),
    ...flagsIn(words, 'dotenv_config_path'),
    ...(env.DOTENV_CONFIG_PATH ? [env.DOTENV_CONFIG_PATH] : []),
  ];
  return plainPaths(
    cwd,
    named.flatMap((one) => one.split(',')),
  );
}

/** The env file that a shell reads for what comes after it in the same line: `. ./.env.local`. */
function sourcedBy({ cwd, words: [program, file = ''] }: Command): string[] {
  const reads = (program === '.' || program === 'source') && /\.env\b/.test(file);
  return reads ? plainPaths(cwd, [file]) : [];
}

/** Files that can be named to people: no variable in them, and no template that is copied. */
function plainPaths(cwd: string, named: readonly string[]): string[] {
  return named
    .filter((one) => /^[\w./@+-]+$/.test(one) && !path.posix.isAbsolute(one))
    .filter((one) => !/(?:^|[._-])(?:example|sample|template|dist)(?:[._-]|$)/.test(path.posix.basename(one)))
    .map((one) => path.posix.normalize(path.posix.join(cwd, one)));
}

/**
 * What a script comes to: its own commands and those of the scripts that it starts, each with the env files that are
 * loaded for it.
 */
function startedBy(
  { name, line }: StartedScript,
  scripts: Scripts,
  own: OwnFlag,
  before: readonly string[] = [],
): Started[] {
  const { manifest, managers } = scripts;
  const sourced: string[] = [];
  return commandsOf({ scripts: { [name]: line } }, managers).flatMap((command): Started[] => {
    sourced.push(...sourcedBy(command));
    const envFiles = [...envFilesOf(command, own), ...sourced];
    const next = scriptStarted(command, manifest, managers);
    if (!next || [...before, name].includes(next.name)) return [{ ...command, envFiles }];
    const further = startedBy(next, scripts, own, [...before, name]);
    return further.map((one) => ({ ...one, envFiles: [...one.envFiles, ...envFiles] }));
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
  /** Whether it loads the file of that name with `.local` behind it, too. */
  loadsLocal: boolean;
}

/** Signs that a command loads `.env.local` beside `.env`, whatever its program does. */
const loadingLocal: readonly ((command: Command) => boolean)[] = [
  ({ words }) => words.some((word) => /^dotenv-flow(?:\/config)?$/.test(word)),
  ({ env }) => /\bdotenv-flow\/config\b/.test(env.NODE_OPTIONS ?? ''),
  ({ words }) => words.some((word) => programOf(word) === 'dotenv') && words.includes('-c'),
  ({ words }) => words.some((word) => /^bunx?$/.test(programOf(word))),
];

/**
 * The scripts that start the project, and the env file that is loaded when people work on it: that of the script by
 * which they develop, else the one file that the scripts which run it agree on, else the host's own. Of several it is
 * the one that is kept from others, as a secret is to stand in it.
 */
export async function inspectStarts(
  project: Project,
  scripts: Scripts,
  commands: HostCommands,
): Promise<{ starts: Starts; envFile: EnvFile }> {
  const all = scriptsByUse(scripts.manifest).map((script) => ({
    script,
    runs: startedBy({ name: script, line: scripts.manifest.scripts?.[script] ?? '' }, scripts, commands.own),
  }));
  const first = (is: (command: Command) => boolean) => all.find(({ runs }) => runs.some(is))?.script ?? null;
  const starts: Starts = {
    develop: first(commands.develops),
    build: first(commands.builds),
    serve: first(commands.serves),
  };
  const developing = all.find(({ script }) => script === starts.develop)?.runs.find(commands.develops);
  if (developing && developing.envFiles.length > 0)
    return { starts, envFile: await fileAmong(project, developing.envFiles, starts.develop) };
  const running = developing ? [] : all.filter(({ script }) => /^(?:dev|start|serve|flue|run)/.test(script));
  const named = await Promise.all(
    running.flatMap(({ script, runs }) =>
      runs.flatMap(({ envFiles }) => (envFiles.length > 0 ? [fileAmong(project, envFiles, script)] : [])),
    ),
  );
  const agree = new Set(named.map(({ value }) => value)).size === 1;
  return { starts, envFile: agree ? named[0]! : usualFile(project, commands, developing) };
}

/** The host's own file; where git tracks that, the one beside it that is for nobody else, if it is loaded, too. */
function usualFile(project: Project, { usual, loadsLocal }: HostCommands, developing: Command | undefined): EnvFile {
  const local = loadsLocal || (developing !== undefined && loadingLocal.some((is) => is(developing)));
  const committed = isCommitted(project, usual);
  const because = 'it is what is loaded where nothing else is named';
  if (committed && local) return { value: `${usual}.local`, script: null, because };
  return { value: usual, script: null, because, ...(committed && { committed }) };
}

/** Of the files that a script loads, the one that others are least likely to see. */
async function fileAmong(project: Project, files: readonly string[], script: string | null): Promise<EnvFile> {
  const ranked = await Promise.all(files.map(async (value) => ({ value, rank: await publicityOf(project, value) })));
  const { value, rank } = ranked.reduce((least, one) => (one.rank < least.rank ? one : least));
  return { value, script, because: `the script \`${script}\` loads it`, ...(rank === 3 && { committed: true }) };
}

/** 0: git ignores the file; 1: it is called so that git should; 2: nothing says; 3: git tracks it. */
async function publicityOf(project: Project, file: string): Promise<0 | 1 | 2 | 3> {
  if (isCommitted(project, file)) return 3;
  if (await isIgnored(project, file)) return 0;
  return file.endsWith('.local') ? 1 : 2;
}

function isCommitted(project: Project, file: string): boolean {
  return project.has(file) && isTracked(project, file);
}
