import type { Module, Node } from '../../code/module.ts';
import { insertIntoDotenv } from '../../edit/dotenv/insert.ts';
import type { EnvDoc, LeftAlone } from '../../types/facts.ts';
import { type Convention, declares, type ProjectView, usual } from './convention.ts';
import { templateDoc } from './dotenv.ts';
import { importing } from './schema/candidates.ts';
import type { TemplateFile } from './template-files.ts';

/** A tool that reads a template as a contract: a program that it starts, or builds, stops where a variable of the template is not set. */
interface ContractTool {
  name: string;
  /** The template it reads where it is told none. */
  file: string;
  /** The options that name the template. */
  fileOptions: readonly string[];
  /** The option without which nothing stops; absent where the tool always does. */
  onlyWith?: string;
  /** The option with which a variable may be empty, so that it need only be there. */
  emptyWith?: string;
  /** What a script says instead of that option. */
  script?: RegExp;
}

const tools: ContractTool[] = [
  { name: 'dotenv-safe', file: '.env.example', fileOptions: ['example', 'sample'], emptyWith: 'allowEmptyValues' },
  {
    name: 'dotenv-extended',
    file: '.env.schema',
    fileOptions: ['schema'],
    onlyWith: 'errorOnMissing',
    script: /error[-_]?on[-_]?missing(?!\s*[= ]\s*false)/i,
  },
  {
    name: 'dotenv-webpack',
    file: '.env.example',
    fileOptions: ['safe'],
    onlyWith: 'safe',
    emptyWith: 'allowEmptyValues',
  },
];

/** Tools to which a template is a contract. A file of theirs is theirs: whoever reads it decides what a line in it means. */
export const contracts: readonly Convention[] = tools.map((tool) => ({
  ...usual,
  name: tool.name,
  kind: 'template',
  packages: [tool.name],
  requiresValues: true,
  ranked: true,
  independentLines: true,
  find: async (view, found) => {
    const taken = found.map(({ path }) => path);
    return (await contractsOf(view, tool)).filter(({ path }) => !taken.includes(path));
  },
  declare: (text, variable) => insertIntoDotenv(text, variable),
}));

/** How a project uses the tool: which templates it reads, and what it demands. */
interface Use {
  /** The ends of the paths that the options name; null: they are computed. */
  files: string[] | null;
  stops: boolean;
  emptyWillDo: boolean;
}

async function contractsOf(view: ProjectView, tool: ContractTool): Promise<EnvDoc[]> {
  if (!declares(view, [tool.name])) return [];
  const uses = await usesOf(view, tool);
  const byScript = Object.values(view.manifest.scripts ?? {}).some((line) => tool.script?.test(String(line)));
  const docs = view.templates().map(async (file): Promise<EnvDoc[]> => {
    const own = uses.filter(({ files }) => files === null || files.some((end) => isAt(file, end)));
    if (own.length === 0) return [];
    const leftAlone = own.some(({ stops, emptyWillDo }) => (stops || byScript) && !emptyWillDo)
      ? contractWith(tool)
      : null;
    return [await templateDoc(view, file, { kind: tool.name, because: `${tool.name} reads it`, leftAlone })];
  });
  return (await Promise.all(docs)).flat();
}

function contractWith({ name }: ContractTool): LeftAlone {
  const message = `${name} takes it for a contract: a line in it stops the application wherever that variable is not set`;
  return { code: 'contract', message };
}

/** Whether a template is the file that a path names, from wherever it is named. */
function isAt({ path, name }: TemplateFile, named: string): boolean {
  const bare = named.replace(/^(?:\.{0,2}\/)+/, '');
  return bare === name || bare === path || bare.endsWith(`/${name}`);
}

/** What the code says to the tool; where it says nothing, what the tool does by itself. */
async function usesOf({ project, source, modules }: ProjectView, tool: ContractTool): Promise<Use[]> {
  const imports = importing([tool.name]);
  const files = source().files.filter((file) => imports.test(project.read(file) ?? ''));
  const bare: Use = { files: [tool.file], stops: tool.onlyWith === undefined, emptyWillDo: false };
  if (files.length === 0) return [bare];
  const syntax = await import('./schema/syntax.ts');
  const uses = files.flatMap((file) => {
    const module = modules.get(file) ?? syntax.parseModule(project.read(file) ?? '');
    modules.set(file, module);
    return module ? optionsIn(module, tool, syntax).map((options) => useOf(module, options, tool, syntax)) : [];
  });
  return uses.length > 0 ? uses : [bare];
}

type Syntax = typeof import('./schema/syntax.ts');

/** The options that a module hands to the tool, in a call or with `new`. */
function optionsIn(
  module: Module,
  { name }: ContractTool,
  { allNodes, argumentOf, importsOf, nameOf, resolve }: Syntax,
) {
  const imported = importsOf(module, [name]);
  return allNodes(module).flatMap((node): Node[] => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
    const [head = ''] = nameOf(node.callee).split('.');
    const given = argumentOf(node, 0);
    const options =
      given && (imported.has(head) || isRequired(node.callee as Node, name)) ? resolve(module, given) : null;
    return options?.type === 'ObjectExpression' ? [options] : [];
  });
}

/** `require('dotenv-safe').config(…)` */
function isRequired(callee: Node, name: string): boolean {
  const call = callee.object as Node | undefined;
  return call?.type === 'CallExpression' && ((call.arguments as Node[])[0]?.value as unknown) === name;
}

function useOf(module: Module, options: Node, tool: ContractTool, { allNodes, propertyOf, resolve }: Syntax): Use {
  const given = (key: string | undefined): Node | null => {
    const value = key ? propertyOf(options, key) : null;
    return value ? (resolve(module, value) ?? value) : null;
  };
  // What is not plainly `false` may be true somewhere.
  const isOn = (node: Node | null) => node !== null && node.value !== false;
  const named = tool.fileOptions.map(given).find((node) => node !== null && typeof node.value !== 'boolean');
  const within = (node: Node) =>
    allNodes(module).flatMap((one) =>
      node.start <= one.start && one.end <= node.end && typeof one.value === 'string' ? [one.value] : [],
    );
  const words = named ? within(named) : [];
  return {
    files: named ? (words.length > 0 ? words : null) : [tool.file],
    stops: tool.onlyWith === undefined || isOn(given(tool.onlyWith)),
    emptyWillDo: given(tool.emptyWith)?.value === true,
  };
}
