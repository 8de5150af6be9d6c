import { inFolder, type Project } from '../../project/project.ts';
import type { Obstacle } from '../../types/facts.ts';
import { lineWith } from './npmrc.ts';

/** A setting that is on: what says so, a file or a variable of the environment, and where it is found, in words. */
export interface Switch {
  by: 'file' | 'variable';
  path: string;
  said: string;
}

/** NpmSettings as npm reads them. */
export interface NpmSettings {
  project: Project;
  /** The folders whose `.npmrc` count, the nearest first, and what is written in these. */
  folders: readonly string[];
  written: Readonly<Record<string, string>>;
  /** What the names of its variables in the environment begin with. */
  prefix: string;
}

/**
 * The first of these settings that is on, as npm reads it: the environment wins over every `.npmrc`. Measured with npm
 * 10 and 11, pnpm 9 and 10. https://docs.npmjs.com/cli/using-npm/config
 * @param names each with the value that switches it on; null: it is a boolean
 */
export function npmSwitch(settings: NpmSettings, names: Record<string, string | null>): Switch | null {
  const { written, prefix } = settings;
  for (const [name, value] of Object.entries(names)) {
    const isOn = (held: string) => (value === null ? isTrue(held) : held === value);
    const key = `${prefix}${name.replaceAll('-', '_')}`;
    const variable = Object.keys(process.env).find((one) => one.toLowerCase() === key && process.env[one]);
    if (variable !== undefined) {
      if (isOn(process.env[variable]!)) return inEnvironment(variable);
    } else if (isOn(written[name] ?? 'false')) return inNpmrc(settings, name);
  }
  return null;
}

/** Where a `.npmrc` that has a setting says so; null where none has it. */
export function inNpmrc({ project, folders }: Pick<NpmSettings, 'project' | 'folders'>, name: string): Switch | null {
  const pattern = new RegExp(`^\\s*${name}\\s*(?:=|$)`);
  return inFile(
    project,
    folders.map((folder) => inFolder(folder, '.npmrc')),
    pattern,
  );
}

/** The first file with such a line, and which line that is. */
export function inFile(project: Project, files: readonly string[], pattern: RegExp): Switch | null {
  for (const path of files) {
    const line = project.has(path) ? lineWith(project.read(path) ?? '', pattern) : '';
    if (line !== '') return { by: 'file', path, said: `${line} of \`${path}\`` };
  }
  return null;
}

/** A variable that switches something on. */
export function inEnvironment(variable: string): Switch {
  return { by: 'variable', path: variable, said: `\`${variable}\` in the environment` };
}

/** Every other text is true: https://github.com/npm/nopt. What is put together of variables is not known. */
function isTrue(value: string): boolean {
  return !['false', 'null', '0'].includes(value) && !value.includes('${');
}

/** An install that leaves the project as it is, although it ends well. */
export function withoutEffect(command: string, on: Switch | null): Obstacle | null {
  if (!on) return null;
  return {
    code: 'no-effect',
    path: on.path,
    because: `${on.said} keeps \`${command}\` from installing anything here`,
    hint: `${on.by === 'file' ? 'take that line out' : 'unset it'}, then run this again`,
  };
}

/** An install that writes the lockfile, and puts no package where the project would find it. */
export function lockfileAlone(command: string, on: Switch | null): string | null {
  return on && `\`${command}\` writes the lockfile alone, by ${on.said}: install the packages as you do otherwise`;
}
