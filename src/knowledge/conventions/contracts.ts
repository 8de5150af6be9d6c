import type { Module, Node } from '../../code/module.ts';
import { insertIntoDotenv } from '../../edit/dotenv/insert.ts';
import { inFolder } from '../../project/project.ts';
import type { EnvDoc, LeftAlone } from '../../types/env-docs.ts';
import { type Convention, conventionDefaults, declaresAny, type ProjectView } from './convention.ts';
import { templateDoc } from './dotenv.ts';
import { evidenceAt } from './left-alone.ts';
import { importing } from './schema/candidates.ts';
import type { TemplateFile } from './template-files.ts';

/**
 * A tool that reads a template as a contract: a program that it starts, or builds, stops where a variable of the
 * template is not set.
 */
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

/**
 * Tools to which a template is a contract. A file of theirs is theirs: whoever reads it decides what a line in it
 * means.
 */
export const contracts: readonly Convention[] = tools.map((tool) => ({
  ...conventionDefaults,
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
  const own = declaresAny(view, [tool.name]);
  if (!own && !isDeclaredAbove(view, tool.name)) return [];
  const uses = own ? await usesOf(view, tool) : [byItself(tool)];
  const byScript = Object.values(view.manifest.scripts ?? {}).some((line) => tool.script?.test(String(line)));
  const docs = view.templates().map(async (file): Promise<EnvDoc[]> => {
    const reading = uses.filter(({ files }) => files === null || files.some((end) => isAt(file, end)));
    if (reading.length === 0) return [];
    const stopping = reading.filter(({ stops }) => stops || byScript);
    const leftAlone = stopping.some(({ emptyWillDo }) => !emptyWillDo) ? contractWith(tool) : null;
    // Where nothing stops, it is a template as any other.
    const kind = stopping.length > 0 ? tool.name : 'dotenv';
    return [await templateDoc(view, file, { kind, because: `${tool.name} reads it`, leftAlone })];
  });
  return (await Promise.all(docs)).flat();
}

/** Whether a package.json of a folder above declares it: the template there may be that package's. */
function isDeclaredAbove({ project, folders }: ProjectView, name: string): boolean {
  const above = folders.filter((folder) => folder.startsWith('..'));
  return above.some((folder) => evidenceAt(project, inFolder(folder, 'package.json'))?.includes(`"${name}"`));
}

function contractWith({ name }: ContractTool): LeftAlone {
  const stops = 'a line in it stops the application wherever that variable is not set';
  const message = `${name} takes it for a contract: ${stops}`;
  return { code: 'contract', message };
}

/** Whether a template is the file that a path names, from wherever it is named. */
function isAt({ path, name }: TemplateFile, named: string): boolean {
  const bare = named.replace(/^(?:\.{0,2}\/)+/, '');
  return bare === name || bare === path || bare.endsWith(`/${name}`);
}

/** What a tool does that is told nothing. */
function byItself({ file, fileOptions, onlyWith }: ContractTool): Use {
  const reads = onlyWith === undefined || !fileOptions.includes(onlyWith);
  return { files: reads ? [file] : [], stops: onlyWith === undefined, emptyWillDo: false };
}

/** What the code says to the tool; where it says nothing, what the tool does by itself. */
async function usesOf({ project, source }: ProjectView, tool: ContractTool): Promise<Use[]> {
  const imports = importing([tool.name]);
  const files = source().files.filter((file) => imports.test(project.read(file) ?? ''));
  if (files.length === 0) return [byItself(tool)];
  const [code, syntax] = await Promise.all([source().code(), import('./schema/syntax.ts')]);
  return files.flatMap((file) => {
    const module = code.module(file);
    const uses = module ? usesIn(module, tool, syntax) : [];
    return uses.length > 0 ? uses : [byItself(tool)];
  });
}

type Syntax = typeof import('./schema/syntax.ts');

/** The calls of the tool in a module, and what it is made with by `new`. */
function usesIn(module: Module, tool: ContractTool, syntax: Syntax): Use[] {
  const imported = syntax.importedNames(module, [tool.name]);
  return syntax.callsIn(module, null).flatMap((node): Use[] => {
    const [head = ''] = syntax.nameOf(node.callee).split('.');
    if (!imported.has(head) && !isRequired(node.callee as Node, tool.name)) return [];
    const given = syntax.argumentOf(node, 0);
    if (!given) return [byItself(tool)];
    const options = syntax.resolve(module, given);
    // What is put together elsewhere may say anything.
    if (options?.type !== 'ObjectExpression') return [{ files: [tool.file], stops: true, emptyWillDo: false }];
    return [useOf(module, options, tool, syntax)];
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
  const spreads = (options.properties as Node[]).some(({ type }) => type === 'SpreadElement');
  const isOn = (node: Node | null) => (node === null ? spreads : node.value !== false);
  const named = tool.fileOptions.map(given).find((node) => node !== null && typeof node.value !== 'boolean');
  const within = (node: Node) =>
    allNodes(module).flatMap((one) =>
      node.start <= one.start && one.end <= node.end && typeof one.value === 'string' ? [one.value] : [],
    );
  const words = named ? within(named) : [];
  const stops = tool.onlyWith === undefined || isOn(given(tool.onlyWith));
  if (!stops) return byItself(tool);
  const computed = named !== undefined && words.length === 0;
  const files = named ? words : [tool.file];
  return { files: computed ? null : files, stops, emptyWillDo: given(tool.emptyWith)?.value === true };
}
