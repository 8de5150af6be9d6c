import type { LeftAlone } from '../../types/env-docs.ts';
import { readDotenv } from '../dotenv/read.ts';
import { hasWord, hasWords, isPublic, subjectOf } from '../variable-names.ts';
import { innerOf } from './fence.ts';
import { speaksOfConfiguration, speaksOfDeployment, speaksOfEnvironment, speaksOfRetirement } from './languages.ts';
import { type MarkdownNode, nameIn, wordsOf } from './node.ts';
import { placesIn, type Surroundings } from './sections.ts';

/** A part of a document that lists variables: a table, a list, or the inside of a fence. */
export interface Block {
  kind: 'table' | 'list' | 'fence';
  variables: string[];
  /** Whether the words above it say that these are the program's own variables. */
  introduced: boolean;
  /** Whether the names look like those of variables, or the fence is said to be of an env file. */
  credible: boolean;
  /** Whether its heading says that a program runs without what it lists. */
  optional: boolean;
  /** The one thing other than the program that all of its variables are about (`CLERK`), or null. */
  subject: string | null;
  leftAlone: LeftAlone | null;
  node: MarkdownNode;
}

/** Places where programs run, and what brings them there: a list beside such a word states what is set there. */
const platforms = [
  'deploy\\w*|delivery|docker|compose|kubernetes|k8s|helm|terraform|ci|github actions',
  'railway|vercel|heroku|render|fly(?:\\.io)?|netlify|aws|gcp|azure|cloudflare|coolify|dokku|digitalocean',
].join('|');
const deployment = new RegExp(`\\b(?:${platforms})\\b`, 'i');
/** Ways of running that say as much, unless the same heading says that it is about the environment. */
const stage = /\b(?:production|prod|staging|secrets)\b|(?<!self[- ]?)\bhosting\b/i;
const settingThere =
  /\b(?:(?:repository|actions|fly|vercel|worker) secrets|secrets? (?:on|in|to|of) |deploy(?:ing|ment)? (?:on|to))\b/i;
const ofEnvironment = /\.env\b|\benv(?:ironment)?[\s_-]+(?:variables?|vars?)\b|\benvvars?\b/i;
const introducing = /\.env\b|\benv(?:ironment)?\b|\bvariables?\b/i;
/** Lists of something else, whatever they are introduced with. */
const other = /\b(?:errors?|codes?|headers?|change ?log|releases?|events?|constants?|tools?|flags?)\b/i;
/** Headings of variables that were read once, or were called otherwise. */
const retired = new RegExp(
  [
    '\\b(?:deprecat(?:ed|ions?)|removed|renamed|obsolete|legacy|no longer|breaking changes)\\b',
    '\\b(?:migrat|upgrad)(?:e|ing|ion) (?:from|to) v?\\d',
  ].join('|'),
  'i',
);
/** The first column of a table that leads from an old name to a new one. */
const formerly = /^\W*(?:old|previous|former(?:ly)?|deprecated|legacy|removed|before)\b/i;
const configuring = /\bconfig(?:ure|uration|uring)?\b|\bsettings?\b/i;
/** The beginning of a title that says what the document is about, rather than what the program is called. */
const topic = /^\W*(?:config(?:uration)?|settings?|env(?:ironment)?|variables?)\b/i;

/** What others build with: a project of one of these is not this one. */
const frameworks = [
  'next|nuxt|react|vue|svelte|sveltekit|astro|remix|angular|solid|vite|node|express|nest|hono|fastify|expo|electron',
  'laravel|django|rails|flask|typescript|javascript',
].join('|');
const whose = `own|existing|other|consuming|host|client|front-?end|back-?end|web|mobile|(?:${frameworks})(?:\\.?js)?`;
const place = 'projects?|apps?|applications?|codebases?|repos?|repositor(?:y|ies)|sites?|packages?|services?';
/** Words to those who use the program in something of theirs. */
const toUsers = new RegExp(
  [
    `\\b(?:in|into|to|inside|within) (?:your|their) (?:${whose})(?: [\\w.]+)? (?:${place})\\b`,
    `\\b(?:${place}) (?:that|which) (?:uses?|consumes?|installs?|imports?|embeds?|depends? on)\\b`,
    '\\busers of (?:this|the) (?:library|package|sdk|plugin|module|cli|tool)\\b',
  ].join('|'),
  'i',
);

/** What names of variables end in, where they are not codes, events or tools. */
const endings = [
  'KEY|TOKEN|SECRET|PASSWORD|PASS|URL|URI|DSN|HOST|PORT|USER|ID|LEVEL|ENV|MODE|DEBUG|DIR|PATH|REGION|BUCKET',
  'TIMEOUT|ORIGIN|EMAIL|MODEL|NAME',
].join('|');
const credible = new RegExp(`(?:^|_)(?:${endings})$`);

/** What a document is known by before it is read. */
export interface DocumentHints {
  /** Whether its name says that it is about the environment. */
  byName: boolean;
  /** Whether a variable is one of some database. */
  isOfDatabase: (name: string) => boolean;
}

/**
 * The parts of a parsed Markdown text that list variables, in order, each with why it takes no more of them where that
 * is so.
 */
export function variableBlocks(tree: MarkdownNode, text: string, known: DocumentHints): Block[] {
  return placesIn(tree).flatMap(({ node, surroundings }) => blockAt(node, surroundings, text, known) ?? []);
}

function blockAt(node: MarkdownNode, surroundings: Surroundings, text: string, known: DocumentHints): Block | null {
  const variables = listedVariables(node, text);
  if (!variables) return null;
  const { headings, above } = surroundings;
  const said = above?.type === 'paragraph' ? wordsOf(above) : '';
  const captions = captionsOf(node);
  if (isAbout(headings, other) || other.test(firstColumnOf(node))) return null;
  const words = [...headings, said, ...captions].join('\n');
  const fence = node.type === 'code';
  if (variables.length < 2 && !isWholeList(fence, words, headings)) return null;
  const likely = variables.filter((name) => credible.test(name)).length * 2 >= variables.length;
  const subject = subjectUnder(variables, surroundings, said);
  return {
    kind: fence ? 'fence' : (node.type as 'table' | 'list'),
    variables,
    introduced: known.byName || speaksOfVariables(words) || (likely && isOfSettings(words, surroundings)),
    credible: likely || /^\.?(?:dot)?env\b/i.test((fence && node.lang) || ''),
    optional: /\boptional\b/i.test(headings.at(-1) ?? ''),
    subject,
    leftAlone:
      formerOf(node, headings) ?? whoseElse(variables, surroundings, said) ?? serviceOf(subject, variables, known),
    node,
  };
}

/** Whether one variable alone is a list of them: in a fence for the env file, or where the heading says so. */
function isWholeList(fence: boolean, words: string, headings: readonly string[]): boolean {
  return (fence && /\.env\b/.test(words)) || isOfVariables(headings.at(-1) ?? '');
}

function speaksOfVariables(words: string): boolean {
  return introducing.test(words) || speaksOfEnvironment.test(words);
}

function speaksOfSettings(words: string): boolean {
  return configuring.test(words) || speaksOfConfiguration.test(words);
}

function isOfSettings(words: string, { title }: Surroundings): boolean {
  return speaksOfSettings(words) || topic.test(title);
}

/**
 * What a part says of itself: a table above its columns, a fence behind its language and in a comment that it begins
 * with.
 */
function captionsOf(node: MarkdownNode): string[] {
  if (node.type === 'table') return node.children![0]!.children!.map(wordsOf);
  return node.type === 'code' ? [node.meta ?? '', /^#.*/.exec(node.value ?? '')?.[0] ?? ''] : [];
}

function firstColumnOf(node: MarkdownNode): string {
  return node.type === 'table' ? captionsOf(node)[0]! : '';
}

/** Whether a heading speaks of that, going outward up to one that says it is about the environment's variables. */
function isAbout(headings: readonly string[], what: RegExp): boolean {
  const own = headings.findLastIndex(isOfVariables);
  return headings.slice(own + 1).some((heading) => what.test(heading));
}

/** Whether a heading says that it is about the environment's variables. */
function isOfVariables(heading: string): boolean {
  return ofEnvironment.test(heading) || speaksOfEnvironment.test(heading);
}

/** A part whose heading or first column says that what it names was read once. */
function formerOf(node: MarkdownNode, headings: readonly string[]): LeftAlone | null {
  const isFormer = headings.some((heading) => retired.test(heading) || speaksOfRetirement.test(heading));
  if (!isFormer && !formerly.test(firstColumnOf(node))) return null;
  return { code: 'unintroduced', message: 'it lists variables that are no longer read' };
}

function whoseElse(variables: string[], { headings, above, generated }: Surroundings, said: string): LeftAlone | null {
  if (generated) return { code: 'generated', message: 'it is generated' };
  if (isPublic(variables)) return { code: 'browser', message: 'it holds what a browser may see' };
  const folded = above?.type === 'html' && (deployment.test(above.value!) || stage.test(above.value!));
  const isThere = (heading: string) => deployment.test(heading) || speaksOfDeployment.test(heading);
  if (folded || headings.some(isThere) || isAbout(headings, stage) || settingThere.test(said))
    return { code: 'deployment', message: 'it states what is set in a deployment' };
  if (![...headings, said].some((words) => toUsers.test(words))) return null;
  return { code: 'other-project', message: 'it tells users what to set in a project of theirs' };
}

/**
 * The one thing other than the program that a part of the document is about: what all of its variables begin with,
 * where its heading or the words above name that, or where nothing says that it is about the program's configuration.
 */
function subjectUnder(variables: string[], { headings, title }: Surroundings, said: string): string | null {
  const subject = subjectOf(variables, title);
  const heading = headings.at(-1) ?? '';
  if (!subject || headings.some((one) => hasWord(one, subject)) || isOfSection(said, headings)) return subject;
  if (speaksOfVariables(heading) || speaksOfSettings(heading)) return null;
  return variables.length > 1 || hasWord(said, subject) ? subject : null;
}

/** Whether the words above say that what an outer section is about needs the variables: `The importer requires:`. */
function isOfSection(said: string, headings: readonly string[]): boolean {
  const needing = /^(?:the )?(.{2,60}?) (?:requires?|needs?|uses?|expects?|reads?)\b/i.exec(said)?.[1];
  return needing !== undefined && headings.slice(0, -1).some((outer) => hasWords(outer, needing));
}

function serviceOf(subject: string | null, variables: string[], { isOfDatabase }: DocumentHints): LeftAlone | null {
  if (!subject || variables.some(isOfDatabase)) return null;
  return { code: 'other-service', message: `it lists the variables of another service (\`${subject}_…\`)` };
}

/** The names a block lists; null where it is not a list of variables. */
function listedVariables(node: MarkdownNode, text: string): string[] | null {
  if (node.type === 'code') return variablesInFence(node, text);
  if (node.type === 'list' && node.ordered) return null;
  const entries = node.type === 'table' ? node.children!.slice(1) : node.children!;
  const found = entries.flatMap((entry) => nameIn(entry) ?? []);
  const most = found.length * 2 > entries.length && found.some((name) => name.includes('_'));
  return most ? found : null;
}

/** What people call the language of an env file, or of lines that set variables; a plain text may be one, too. */
const languages = [
  ...['', 'env', 'dotenv', 'bash', 'sh', 'shell', 'zsh', 'ini', 'properties', 'console', 'conf', 'config', 'cfg'],
  ...['text', 'txt', 'plaintext', 'plain'],
];

function variablesInFence(node: MarkdownNode, text: string): string[] | null {
  const language = (node.lang ?? '').toLowerCase();
  if (!languages.includes(language) && !/^\.env(?:\.[\w-]+)?$/.test(language)) return null;
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
