import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import type { Declaration } from '../dotenv/insert.ts';
import { readDotenv } from '../dotenv/read.ts';
import { type Insertion, onlyInserts, type Refusal, splice } from '../splice.ts';
import { isBeside, isPublic } from '../variable-names.ts';
import { innerOf, insertIntoFence } from './fence.ts';
import { itemAfter } from './list.ts';
import { type MarkdownNode, nameIn, wordsOf } from './node.ts';
import { rowAfter } from './table.ts';

/** A part of a document that lists variables: a table, a list, or the inside of a fence. */
export interface Block {
  kind: 'table' | 'list' | 'fence';
  variables: string[];
  /** Whether the words above it say that these are the program's own variables. */
  introduced: boolean;
  /** Whether the names look like those of variables, or the fence is said to be of an env file. */
  credible: boolean;
  node: MarkdownNode;
}

/** States what is set on some platform, rather than what the program reads. */
const deployment =
  /\b(?:deploy\w*|delivery|production|prod|staging|hosting|docker|compose|kubernetes|k8s|helm|terraform|ci|github actions|railway|vercel|heroku|render|fly(?:\.io)?|netlify|aws|gcp|azure|cloudflare|workers|coolify|dokku|digitalocean|secrets)\b/i;
const settingThere =
  /\b(?:repository|actions|fly|vercel|worker) secrets\b|\bsecrets? (?:on|in|to|of) \b|\bdeploy(?:ing|ment)? (?:on|to)\b/i;
const introducing = /\.env\b|\benv(?:ironment)?\b|\bvariables?\b/i;
/** Lists of something else, whatever they are introduced with. */
const other =
  /\berrors?\b|\b(?:status |error )?codes?\b|\bheaders?\b|\bchange ?log\b|\breleases?\b|\bevents?\b|\bconstants?\b|\btools?\b|\bflags?\b/i;
const configuring = /\bconfig(?:ure|uration|uring)?\b|\bsettings?\b/i;

/** What names of variables end in, where they are not codes, events or tools. */
const credible =
  /(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASS|URL|URI|DSN|HOST|PORT|USER|ID|LEVEL|ENV|MODE|DEBUG|DIR|PATH|REGION|BUCKET|TIMEOUT|ORIGIN|EMAIL|MODEL|NAME)$/;

/** The parts of a Markdown text that list the program's variables, in order; those that speak of a deployment are not among them. */
export function variableBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  visit(parse(text), (node, { headings, above, generated }) => {
    const said = above?.type === 'paragraph' ? wordsOf(above) : '';
    const summary = above?.type === 'html' && deployment.test(above.value!);
    if (headings.some((heading) => other.test(heading))) return;
    if (generated || summary || settingThere.test(said) || headings.some((heading) => deployment.test(heading))) return;
    const variables = variablesOf(node, text);
    if (!variables || isPublic(variables)) return;
    const kind = node.type === 'code' ? 'fence' : (node.type as 'table' | 'list');
    const titles = kind === 'table' ? node.children![0]!.children!.map(wordsOf) : [];
    if (other.test(titles[0] ?? '')) return;
    const words = [...headings, said, ...titles].join('\n');
    const likely = variables.filter((name) => credible.test(name)).length * 2 >= variables.length;
    const introduced = introducing.test(words) || (configuring.test(words) && likely);
    const one = kind === 'fence' && /\.env\b/.test(words);
    const written = kind === 'fence' && /^(?:dot)?env$/i.test(node.lang ?? '');
    if (variables.length >= 2 || one) blocks.push({ kind, variables, introduced, credible: likely || written, node });
  });
  return blocks;
}

/** Which of them get a new variable: of each kind one that is introduced as the place, one that has the family first; `sole`: also a fence that looks like one. */
export function blocksFor(blocks: readonly Block[], isMember: (name: string) => boolean, sole: boolean): Block[] {
  const family = (name: string) => isMember(name) && !isBeside(name);
  return (['table', 'list', 'fence'] as const).flatMap((kind) => {
    const some = blocks.filter((block) => block.kind === kind);
    const open = some.filter((block) => block.introduced || (kind === 'fence' && block.credible));
    const longest = (list: Block[]) => list.toSorted((a, b) => b.variables.length - a.variables.length)[0];
    const block =
      longest(open.filter(({ variables }) => variables.some(family))) ??
      longest(open.filter(({ introduced }) => introduced)) ??
      (sole ? longest(open) : undefined);
    return block ? [block] : [];
  });
}

/** Writes a variable into the blocks that get it. The same text where they have it; a refusal where the edit does not prove clean. */
export function declareInMarkdown(
  text: string,
  declaration: Declaration,
  sole: boolean,
  kinds: readonly Block['kind'][] = ['table', 'list', 'fence'],
): { text: string } | Refusal {
  let edited = text;
  for (const kind of kinds) {
    const block = blocksFor(variableBlocks(edited), declaration.isMember, sole).find((one) => one.kind === kind);
    if (!block || block.variables.includes(declaration.name)) continue;
    const insertion = insertionInto(edited, block, declaration);
    if ('refused' in insertion) return insertion;
    const after = splice(edited, [insertion]);
    if (!proves(edited, after, insertion, declaration.name)) return { refused: 'the edit did not prove clean' };
    edited = after;
  }
  return { text: edited };
}

function insertionInto(text: string, { kind, node }: Block, declaration: Declaration): Insertion | Refusal {
  if (kind === 'table') return rowAfter(text, node, declaration);
  if (kind === 'list') return itemAfter(text, node, declaration);
  return insertIntoFence(text, node, declaration);
}

/** The last text and its tree: one edit reads it several times. */
let parsed: { text: string; tree: MarkdownNode } | undefined;

function parse(text: string): MarkdownNode {
  if (parsed?.text === text) return parsed.tree;
  // A byte order mark is not counted in offsets by the parser; a space keeps them.
  const tree = fromMarkdown(text.replace(/^\uFEFF/, ' '), {
    extensions: [gfmTable()],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
  parsed = { text, tree: tree as unknown as MarkdownNode };
  return parsed.tree;
}

interface Surroundings {
  /** The sections it stands in, without the title of the document. */
  headings: string[];
  above: MarkdownNode | undefined;
  /** A comment since the last heading says that a program writes this. */
  generated: boolean;
}

function visit(
  node: MarkdownNode,
  see: (node: MarkdownNode, surroundings: Surroundings) => void,
  outer: string[] = [],
  title = { seen: false },
): void {
  const open: { depth: number; words: string }[] = [];
  let generated = false;
  for (const [index, child] of (node.children ?? []).entries()) {
    if (child.type === 'heading') {
      generated = false;
      while (open.length > 0 && open.at(-1)!.depth >= child.depth!) open.pop();
      const isTitle = child.depth === 1 && !title.seen;
      title.seen ||= child.depth === 1;
      open.push({ depth: child.depth!, words: isTitle ? '' : wordsOf(child) });
    }
    if (child.type === 'html')
      generated = /\bend\b/i.test(child.value!) ? false : generated || /generated|<!--\s*begin/i.test(child.value!);
    const headings = [...outer, ...open.map(({ words }) => words).filter(Boolean)];
    if (['table', 'list', 'code'].includes(child.type))
      see(child, { headings, above: node.children![index - 1], generated });
    if (['list', 'listItem', 'blockquote'].includes(child.type)) visit(child, see, headings, title);
  }
}

/** The names a block lists; null where it is not a list of variables. */
function variablesOf(node: MarkdownNode, text: string): string[] | null {
  if (node.type === 'code') return variablesInFence(node, text);
  if (node.type === 'list' && node.ordered) return null;
  const entries = node.type === 'table' ? node.children!.slice(1) : node.children!;
  const names = entries.map(nameIn);
  const found = names.flatMap((name) => name ?? []);
  const most = found.length * 2 > entries.length && found.some((name) => name.includes('_'));
  return most ? found : null;
}

function variablesInFence(node: MarkdownNode, text: string): string[] | null {
  const language = (node.lang ?? '').toLowerCase();
  if (!['', 'env', 'dotenv', 'bash', 'sh', 'shell', 'zsh', 'ini', 'properties', 'console'].includes(language))
    return null;
  const inner = innerOf(text, node);
  const lines = inner && readDotenv(inner.text);
  if (!lines || 'refused' in lines || lines.some(({ kind }) => kind === 'junk')) return null;
  const assigned = lines.filter((line) => line.kind === 'assign');
  // `KEY=value command` is a command, and one key twice is a sample of how it may look.
  const commanding = assigned.filter(({ quote, value }) => quote === '' && /\s/.test(value));
  if (commanding.length > 0 && commanding.length === assigned.length) return null;
  const keys = assigned.map(({ key }) => key);
  return keys.length > 0 && new Set(keys).size === keys.length && keys.every((key) => /^[A-Z_][A-Z0-9_]*$/.test(key))
    ? keys
    : null;
}

/** Only the insertion differs, and the tree is the old one but for the one block that has one entry more. */
function proves(before: string, after: string, insertion: Insertion, name: string): boolean {
  if (!onlyInserts(before, after, [insertion])) return false;
  const grown = (node: MarkdownNode): unknown => {
    if (node.type === 'code') return { ...node, position: null, value: null };
    const children = (node.children ?? []).filter(
      (child) => !['tableRow', 'listItem'].includes(child.type) || nameIn(child) !== name,
    );
    return { ...node, position: null, spread: null, children: children.map(grown) };
  };
  const lists = (text: string) => variableBlocks(text).flatMap(({ variables }) => variables);
  const one = JSON.stringify(lists(after).toSorted()) === JSON.stringify([...lists(before), name].toSorted());
  return one && JSON.stringify(grown(parse(before))) === JSON.stringify(grown(parse(after)));
}
