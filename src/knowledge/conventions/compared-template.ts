import { insertIntoDotenv } from '../../edit/dotenv/insert.ts';
import { type Convention, conventionDefaults, type ProjectView } from './convention.ts';
import { templateDoc } from './dotenv.ts';
import { evidenceAt } from './left-alone.ts';
import type { TemplateFile } from './template-files.ts';

/**
 * A template whose keys a script or a workflow of the project compares with those of another env file: a key more in
 * one of them is a failure there, so the template is a contract.
 */
export const comparedTemplate: Convention = {
  ...conventionDefaults,
  name: 'compared-template',
  kind: 'template',
  requiresValues: true,
  ranked: true,
  independentLines: true,
  find: async (view, found) => {
    const taken = found.map(({ path }) => path);
    const files = view.templates().filter(({ path, feeds }) => feeds === 'people' && !taken.includes(path));
    const sources = files.length > 0 ? commandsIn(view) : [];
    const compared = files.flatMap((file) => {
      const by = sources.find(
        ({ commands, program }) => commands.some((one) => compares(one, file)) || reads(program, file),
      );
      return by ? [{ file, by: by.path }] : [];
    });
    return Promise.all(
      compared.map(({ file, by }) => {
        const message = `\`${by}\` compares it with the variables that are set, and fails where one is missing`;
        const what = {
          kind: 'compared-template',
          because: `\`${by}\` reads it`,
          leftAlone: { code: 'contract', message },
        } as const;
        return templateDoc(view, file, what);
      }),
    );
  },
  declare: (text, variable) => insertIntoDotenv(text, variable),
};

/** Commands by where they stand; `program`: the text of a file that is run. */
interface Commands {
  path: string;
  commands: string[];
  program: string;
}

function commandsIn({ project, manifest }: ProjectView): Commands[] {
  const scripts = Object.values(manifest.scripts ?? {}).filter((line) => typeof line === 'string');
  const programs = scripts.flatMap((line) =>
    [...line.matchAll(/(?:^|[\s/])((?:[\w-]+\/){0,5}[\w.-]+\.(?:[mc]?[jt]s|sh))(?=\s|$)/g)].map((match) => match[1]!),
  );
  const top = project.upward.at(-1)!;
  const workflows = project.list(top).some(({ name }) => name === '.github') ? `${top}/.github/workflows` : null;
  const written = workflows
    ? project.list(workflows).filter(({ name, kind }) => kind === 'file' && /\.ya?ml$/.test(name))
    : [];
  return [
    { path: 'package.json', commands: scripts.flatMap(commandsOf), program: '' },
    ...[...new Set(programs)].map((path) => ({ path, commands: [], program: textOf(project, path) })),
    ...written.map(({ name }) => {
      const path = `${workflows}/${name}`.replace(/^\.\//, '');
      return { path, commands: textOf(project, path).split('\n').flatMap(commandsOf), program: '' };
    }),
  ];
}

function textOf(project: ProjectView['project'], path: string): string {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
  const name = path.slice(path.lastIndexOf('/') + 1);
  const regular = project.list(folder).some((one) => one.name === name && one.kind === 'file');
  return (regular && evidenceAt(project, path)) || '';
}

/** The commands of a line, without what a subshell's braces part. */
function commandsOf(line: string): string[] {
  return line.length > 2_000 ? [] : line.split(/&&|\|\||;/);
}

/** Copying or loading a template is no comparison. */
const handling = /(?:^|\s)(?:cp|copy|copyfiles|shx|mv|ln|cat|touch|install|test|rm)\s|--env-file|\bdotenv\b|env-cmd/;

/** A program that runs with what the template holds asks nothing of its keys. */
const loading = /--env-file|\bdotenv\s+-|\benv-cmd\b/;

/** The name of a program or a task that compares, also as a part of it (`dotenv-checker`), and no flag. */
const comparing = /(?<!\w)(?<!(?:^|\s)--?)(?:diff|comm|cmp|compare|check(?:er)?|verify|validat(?:e|or))\b/i;

/** Whether a command is given the template beside another env file, or is named as one that compares. */
function compares(command: string, { name }: TemplateFile): boolean {
  if (!command.includes(name) || loading.test(command)) return false;
  if (comparing.test(command)) return true;
  const others = command.replaceAll(name, ' ');
  return !handling.test(command) && /(?:^|[\s/'"<(=])\.env(?:\.[\w-]+)?(?=[\s'")]|$)/.test(others);
}

/** Whether a program reads the template rather than making a file from it or running something with it. */
function reads(program: string, { name }: TemplateFile): boolean {
  const named = program.split('\n').filter((line) => line.includes(name) && !/^\s*(?:#|\/\/|\*|echo\s)/.test(line));
  return (
    named.some((line) => !loading.test(line)) &&
    /\breadFile(?:Sync)?\b|\bgrep\b|\bcut\b|\bcomm\b|(?<!\bgit\s{1,3})\bdiff\b/.test(program) &&
    !/copyFile|cpSync|writeFile|\bcp\s/.test(program)
  );
}
