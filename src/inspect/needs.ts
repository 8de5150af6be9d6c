import path from 'node:path';
import { formerOf } from '../edit/marker.ts';
import type { Facts, Needs } from '../types.ts';
import { related, standsOnAnother } from './engines.ts';
import { importersOf } from './importers.ts';
import { readManifest } from './manifest.ts';
import { inFolder, openProject, type Project, wayTo } from './project.ts';

/** What may be taken back, if nothing else needs it. */
export interface Wanted {
  /** The driver among the packages, and the engine it speaks to. */
  driver: string;
  engine: string;
  packages: readonly string[];
  /** Packages that are known not to stand on the driver. */
  apart: readonly string[];
  variables: readonly string[];
}

/** Code that wants Node's types; where a tsconfig leaves out the DOM, that is nearly all code. */
const forNode =
  /\b(?:process|global|Buffer|__dirname|__filename|NodeJS|console|fetch|URL|performance|structuredClone|setTimeout|setInterval|setImmediate|AbortSignal)\b|\brequire\(|\bimport\.meta\.(?:dirname|filename|main)\b|['"](?:node:|(?:fs|path|os|url|http|https|util|crypto|events|stream|child.process|assert|buffer|net|tls|zlib|readline|worker_threads)(?:\/promises)?['"])/;

/**
 * What the rest of the project needs of those packages and variables: its code, tests, scripts and configs, other packages of the workspace, and
 * packages that may stand on a driver. Texts are searched for the names; the db entry does not count, and env docs not for variables. Reads only.
 */
export function inspectNeeds(facts: Facts, wanted: Wanted): Needs {
  const project = openProject(facts.root);
  const entry = facts.adapter?.value.path ?? '';
  const own = textsBelow(project, '.', [entry]);
  // What comes back needs its packages.
  const former = facts.files[formerOf(entry)];
  if (former !== undefined) own.texts.push({ file: formerOf(entry), text: former });
  const docs = facts.envDocs.map((doc) => doc.path);
  const shared = facts.workspace && docs.some((one) => one.startsWith('../'));
  const all = shared ? both(own, othersIn(project, facts.workspace!.value)) : own;
  return {
    packages: packagesNeeded(project, wanted, own),
    variables: entriesOf(wanted.variables, (name) => {
      const names = new RegExp(`(?<!\\w)${name}(?!\\w)`);
      const reader = all.texts.find(({ file, text }) => !docs.includes(file) && names.test(text));
      if (reader) return `\`${reader.file}\` names it`;
      if (names.test(project.read('package.json') ?? '')) return '`package.json` names it';
      return all.complete ? null : 'not everything that may name it was read';
    }),
    importers: importersOf(
      project,
      own.texts.map(({ file }) => file),
      entry,
    ).flatMap(({ path: by, specifier, alias }) => (alias || /(?:^|\/)index(?:\.\w+)?$/.test(specifier) ? [] : [by])),
    begun:
      /\bflue\b/i.test(project.read('AGENTS.md') ?? '') &&
      `\n${project.read('.gitignore') ?? ''}`
        .replaceAll('\r\n', '\n')
        .includes('\nnode_modules/\ndist/\n.env\ndata/\n'),
  };
}

interface Texts {
  texts: { file: string; text: string }[];
  complete: boolean;
}

/** What the workspace has beside this package. */
function othersIn(project: Project, root: string): Texts {
  const here = wayTo(path.resolve(project.root, root), project.root);
  return textsBelow(project, root, [], `${root}/${here}`);
}

function both(one: Texts, other: Texts): Texts {
  return { texts: [...one.texts, ...other.texts], complete: one.complete && other.complete };
}

function packagesNeeded(project: Project, wanted: Wanted, { texts, complete }: Texts): Record<string, string> {
  const manifest = readManifest(project, '.') ?? {};
  const { dependencies, devDependencies, optionalDependencies, peerDependencies, scripts, ...rest } = manifest;
  const declared = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies });
  const apart = [...wanted.packages, ...wanted.apart];
  const beside = declared.find(
    (name) =>
      related.test(name) &&
      !/^@(?:flue|types)\//.test(name) &&
      !apart.includes(name) &&
      !standsOnAnother(name, wanted.engine),
  );
  const reasonFor = (name: string): string | null => {
    const plain = name.replace(/[.+*]/g, '\\$&');
    const quoted = new RegExp(`['"\`]${plain}(?:/[^'"\`]*)?['"\`]|\\\\"${plain}\\\\"`);
    const reader = texts.find(({ text }) => quoted.test(text));
    if (reader) return `\`${reader.file}\` names it`;
    const word = new RegExp(`(?<![\\w@/-])${plain}(?![\\w-])`);
    if (Object.values(scripts ?? {}).some((line) => word.test(String(line)))) return 'a script names it';
    if (new RegExp(`"\\$?${plain}["/]`).test(JSON.stringify(rest))) return '`package.json` names it elsewhere';
    if (!complete) return 'not all of the code was read';
    if (name === '@types/node') return nodeIn(texts);
    return beside && name === wanted.driver ? `\`${beside}\` may stand on it` : null;
  };
  const packages = entriesOf(wanted.packages, reasonFor);
  const typesOf = wanted.packages.filter((name) => name.startsWith('@types/') && name !== '@types/node');
  const stays = (name: string) => {
    const listed = new RegExp(`"types"\\s*:\\s*\\[[^\\]]*"${name.replace('@types/', '')}"`);
    const tsconfig = texts.find(({ file, text }) => /tsconfig[\w.-]*\.json$/.test(file) && listed.test(text));
    if (tsconfig) return `\`${tsconfig.file}\` lists it`;
    return packages[name.replace('@types/', '')] ? 'its package stays' : null;
  };
  return { ...packages, ...entriesOf(typesOf, stays) };
}

function nodeIn(texts: Texts['texts']): string | null {
  const reader = texts.find(({ file, text }) => {
    return /\.[mc]?[jt]sx?$/.test(file)
      ? forNode.test(text)
      : /tsconfig[\w.-]*\.json$/.test(file) && /"types"\s*:\s*\[[^\]]*"node"/.test(text);
  });
  return reader ? `\`${reader.file}\` is code for Node` : null;
}

const readable =
  /\.(?:[mc]?[jt]sx?|vue|svelte|astro|mdx|prisma|json[c5]?|ya?ml|toml|sh|bash|py|rb|go|php|rs|tf|sql|conf|service)$|^(?:Dockerfile|Containerfile|Procfile|Makefile|justfile)/;
/** What is made from other files, or is not the project's own. */
const passed =
  /^(?:node_modules|\.git|dist|coverage|\.next|\.nuxt|\.svelte-kit|\.turbo|\.cache|\.yarn|\.pnpm-store|\.flue-add)$/;
const locks =
  /^(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|bun\.lock|deno\.lock|\.env.*)$/;

/** Every text below a folder in which something may be named, but for manifests, lockfiles and env files. */
function textsBelow(project: Project, base: string, but: readonly string[], without?: string): Texts {
  const texts: Texts['texts'] = [];
  const folders = [base];
  let complete = true;
  for (const folder of folders) {
    for (const { name, kind } of project.list(folder)) {
      const at = inFolder(folder, name).replace(/^\.\//, '');
      if (kind === 'folder' && !passed.test(name) && at !== without) folders.push(at);
      if (kind !== 'file' || !readable.test(name) || locks.test(name) || but.includes(at)) continue;
      const refusal = project.refusal(at);
      // Nobody names a package in megabytes; of anything else that is not read nobody knows.
      if (refusal && refusal.reason !== 'too-large') complete = false;
      const text = refusal ? '' : (project.read(at) ?? '');
      if (text.length < 500_000) texts.push({ file: at, text });
    }
    if (!project.isWhole(folder)) complete = false;
    if (texts.length > 2000 || folders.length > 2000) return { texts, complete: false };
  }
  return { texts, complete };
}

function entriesOf(names: readonly string[], reasonFor: (name: string) => string | null): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const reason = reasonFor(name);
      return reason ? [[name, reason]] : [];
    }),
  );
}
