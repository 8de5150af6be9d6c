import { type FolderEntry, inFolder } from '../../project/project.ts';
import type { LeftAlone } from '../../types/env-docs.ts';
import { type Convention, conventionDefaults, type ProjectView } from './convention.ts';
import { docOf } from './left-alone.ts';

/**
 * A tool that keeps or encrypts the values itself. It is known by a file of its own or by what the scripts run, and its
 * own command sets a variable.
 */
interface SecretManager {
  name: string;
  files?: RegExp;
  runs?: RegExp;
  because: string;
  message: string;
  command?: string;
}

const managers: SecretManager[] = [
  {
    name: 'doppler',
    files: /^\.?doppler\.ya?ml$/,
    runs: /\bdoppler run\b/,
    because: 'Doppler keeps the values',
    message: 'set the variable there',
    command: 'doppler secrets set <NAME>',
  },
  {
    name: 'infisical',
    files: /^\.infisical\.json$/,
    runs: /\binfisical run\b/,
    because: 'Infisical keeps the values',
    message: 'set the variable there',
    command: 'infisical secrets set <NAME>=<value>',
  },
  {
    name: 'sops',
    files: /^\.sops\.ya?ml$/,
    because: 'SOPS encrypts the values',
    message: 'set the variable with SOPS',
    command: 'sops <file>',
  },
  {
    name: 'dotenvx',
    files: /^\.env\.keys$/,
    because: 'dotenvx encrypts the values',
    message: 'set the variable with dotenvx',
    command: 'dotenvx set <NAME>',
  },
  {
    name: 'dotenv-vault',
    files: /^\.env\.vault$/,
    because: 'dotenv-vault keeps the values',
    message: 'set the variable there',
  },
  {
    name: 'fnox',
    files: /^\.?fnox\.toml$/,
    runs: /\bfnox (?:exec|run)\b/,
    because: 'fnox keeps the values',
    message: 'set the variable there',
    command: 'fnox set <NAME>',
  },
  {
    name: 'phase',
    files: /^\.phase\.json$/,
    runs: /\bphase run\b/,
    because: 'Phase keeps the values',
    message: 'set the variable there',
    command: 'phase secrets create <NAME>',
  },
  {
    name: 'secretspec',
    files: /^secretspec\.toml$/,
    runs: /\bsecretspec run\b/,
    because: 'SecretSpec keeps the values',
    message: 'declare the variable in `secretspec.toml`, and set it there',
    command: 'secretspec set <NAME>',
  },
  {
    name: 'bitwarden',
    runs: /\bbws run\b/,
    because: 'Bitwarden keeps the values',
    message: 'set the variable there',
  },
  {
    name: 'aws',
    runs: /\b(?:chamber|aws-vault) exec\b/,
    because: 'AWS keeps the values',
    message: 'set the variable where the others are',
  },
  {
    name: '1password',
    runs: /\bop run\b/,
    because: '1Password keeps the values',
    message: 'point the variable at your vault where the others are',
  },
];

/** The secret managers: named with the command that sets a variable, never edited. */
export const secretManagers: readonly Convention[] = managers.map((manager) => ({
  ...conventionDefaults,
  name: manager.name,
  kind: 'secret-manager',
  declare: null,
  find: (view) => {
    const { name: kind, because, message, command } = manager;
    const leftAlone: LeftAlone = { code: 'store', message, ...(command && { command }) };
    return placesOf(view, manager).map((path) => docOf({ path, kind, variables: [], because }, '', leftAlone));
  },
}));

function placesOf(view: ProjectView, { files, runs }: SecretManager): string[] {
  const found = files ? filesNamed(view, files) : [];
  const scripts = Object.values(view.manifest.scripts ?? {});
  const run = scripts.some((line) => typeof line === 'string' && runs?.test(line));
  return found.length === 0 && run ? ['package.json'] : found;
}

/** The files of that name where tools keep theirs: in the package, its `config` and the top folder. */
export function filesNamed({ project }: ProjectView, names: RegExp): string[] {
  const folders = [...new Set(['.', 'config', project.upward.at(-1)!])];
  return folders.flatMap((folder) =>
    project
      .list(folder)
      .flatMap(({ name, kind }: FolderEntry) =>
        kind !== 'folder' && names.test(name) ? [inFolder(folder, name)] : [],
      ),
  );
}
