import { runtimePackage } from '../knowledge/hosts/flue/version.ts';
import { packageManagerNames } from '../knowledge/package-managers/index.ts';
import { entryPolicies } from '../types/choice.ts';
import { targets } from '../types/facts.ts';
import { levels } from '../types/verify.ts';

/**
 * The one table of commands, their arguments, flags and answers. The parser, the help, the completion scripts and the
 * values that a question may be answered with are read from it.
 */

/** One flag of a command. */
export interface Flag {
  name: `--${string}`;
  short?: `-${string}`;
  /** What follows it, as help shows it: `<package>`. */
  argument?: string;
  /** The values it takes, where they are known beforehand. */
  values?: readonly string[];
  /** What completion offers for it, where that is no list of values. */
  completes?: 'folder' | 'file';
  repeatable?: true;
  /** One clause, without a full stop. */
  help: string;
}

/** One command. `kind`: the word `database` follows it; Flue's own command line knows other kinds. */
export interface CommandEntry {
  name: string;
  kind?: true;
  argument?: { name: string; values: 'databases' | 'commands' | readonly string[]; help: string };
  /** What it does, in one clause. */
  help: string;
  flags: readonly Flag[];
  /** A command line after the program's name, and what it is for. */
  examples: readonly (readonly [words: string, purpose: string])[];
}

const cwd: Flag = { name: '--cwd', argument: '<dir>', completes: 'folder', help: 'the project; default: this folder' };
const json: Flag = { name: '--json', help: 'print one JSON object on stdout, ask nothing' };
const yes: Flag = { name: '--yes', short: '-y', help: 'take the recommended answers, ask nothing' };
const dryRun: Flag = { name: '--dry-run', help: 'show the diff and the commands, change nothing, no network' };
const noInstall: Flag = { name: '--no-install', help: 'everything but the package manager; works offline' };
const verbose: Flag = {
  name: '--verbose',
  help: 'show what the package manager prints; with --json also the facts and whole texts',
};
const host: Flag = {
  name: '--host',
  argument: '<name>',
  help: 'the framework that the database is for, where there are several',
};
const packageManager: Flag = {
  name: '--package-manager',
  argument: '<name>',
  values: packageManagerNames,
  help: 'what installs, where the project does not say',
};

const add: CommandEntry = {
  name: 'add',
  kind: true,
  argument: { name: 'name', values: 'databases', help: 'the database, or one of its drivers' },
  help: 'add a database: adapter, driver, db.ts and env docs',
  flags: [
    cwd,
    host,
    { name: '--driver', argument: '<package>', help: 'the driver that db.ts is written for' },
    {
      name: '--client',
      argument: '<file#export>',
      completes: 'file',
      help: "the project's own pool or client, for db.ts to use instead of making one",
    },
    {
      name: '--var',
      argument: '<CANONICAL=NAME>',
      repeatable: true,
      help: 'what the project calls a variable: DATABASE_URL=SHOP_URL',
    },
    {
      name: '--target',
      argument: '<target>',
      values: targets,
      help: 'what the project builds for, where its config computes it',
    },
    packageManager,
    {
      name: '--flue',
      argument: '<version>',
      help: `the exact version of ${runtimePackage}, where the project does not say`,
    },
    {
      name: '--on-existing',
      argument: '<policy>',
      values: entryPolicies,
      help: 'what becomes of a db entry, or a store, that is not ours',
    },
    {
      name: '--services',
      argument: '<names>',
      help: 'services beside the two for workflows, as channelStore,sessionStore',
    },
    noInstall,
    dryRun,
    { name: '--print', help: 'print a guide to all of it as Markdown, change nothing' },
    json,
    verbose,
    yes,
  ],
  examples: [
    ['add', 'choose a database, see the plan, say yes'],
    ['add postgres --dry-run', 'the diff and the commands; nothing is changed'],
    ['add postgres --yes', 'in a script: no questions, the recommended answers'],
    ['add postgres --json', 'for an agent: a question comes back with its flag and answers'],
    ['add postgres --json --driver pg', 'the same call again, with the answer'],
  ],
};

const remove: CommandEntry = {
  name: 'remove',
  kind: true,
  argument: { name: 'name', values: 'databases', help: 'the database that is there; it may be left out' },
  help: 'take a database back: what adding it brought and nothing else needs',
  flags: [cwd, host, packageManager, noInstall, dryRun, json, verbose, { ...yes, help: 'ask nothing' }],
  examples: [
    ['remove', 'see the plan, say yes'],
    ['remove --dry-run', 'the diff; nothing is changed'],
  ],
};

const verify: CommandEntry = {
  name: 'verify',
  kind: true,
  help: 'is the database reachable and fit, and does db.ts keep its word? runs db.ts, in a process of its own',
  flags: [
    cwd,
    host,
    { name: '--env', argument: '<file>', completes: 'file', help: 'the env file to load in place of the usual one' },
    {
      name: '--level',
      argument: '<level>',
      values: levels,
      help: 'whether it may write there: names of its own, which it removes',
    },
    { name: '--throwaway', help: 'against a server of its own, which is killed and started again' },
    { name: '--timeout', argument: '<s>', help: 'give up after so many seconds; default: 60' },
    { name: '--strict', help: 'a warning is a failure' },
    json,
    yes,
  ],
  examples: [
    ['verify', 'what does not need writing; it asks before it writes elsewhere than on this machine'],
    ['verify --env .env.production --level read', 'look at production, and write nothing'],
    ['verify --throwaway', 'without a server: does db.ts keep its state when one is killed?'],
  ],
};

/** Every command of ours, in the order in which help lists them. */
export const commands: readonly CommandEntry[] = [
  add,
  remove,
  verify,
  {
    name: 'list',
    help: 'the databases that can be added, with their drivers',
    flags: [json],
    examples: [],
  },
  {
    name: 'inspect',
    help: 'what a project says of itself, with the evidence',
    flags: [cwd, host, json],
    examples: [],
  },
  {
    name: 'completion',
    argument: { name: 'shell', values: ['bash', 'zsh', 'fish'], help: 'the shell to print the script for' },
    help: 'print the completion script of a shell',
    flags: [],
    examples: [
      ['completion bash >> ~/.bashrc', 'bash'],
      ['completion zsh > ~/.zfunc/_flue-db', 'zsh'],
      ['completion fish > ~/.config/fish/completions/flue-db.fish', 'fish'],
    ],
  },
];

/** The command of that name, if it is ours. */
export function commandNamed(name: string | undefined): CommandEntry | undefined {
  return commands.find((one) => one.name === name);
}

/** What exit codes mean; the same words in help and README. */
export const exitMeanings: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'done, or nothing to do'],
  [1, 'a bug in this program'],
  [2, 'the request makes no sense'],
  [3, 'refused; nothing was touched'],
  [4, 'failed half-way; everything was put back'],
  [5, 'verify: the database is not fit, or cannot be reached'],
  [6, 'failed, and something could not be put back; it says what'],
  [130, 'interrupted, or answered with No; put back'],
];
