import { withoutComments } from '../../../code/comments.ts';
import {
  type ConfigNode,
  callsIn,
  exportOf,
  expressionOf,
  importedFrom,
  literalsIn,
  objectBehind,
  objectsReturned,
  ownProperty,
  parseConfig,
  property,
  type Value,
} from '../../../code/config.ts';
import type { Target } from '../../../types/facts.ts';

/**
 * Reads a config module as syntax; nothing of the user's is ever run. The plain form is recognised without a parser;
 * anything else is parsed.
 */

/** What a config says of the target. `either`: the targets that are written out where it is computed. */
interface SaidTarget {
  target: Value;
  either: Target[];
}

/** `own`: the folder of the config itself, as `__dirname` gives it. */
export type Folder = Value | 'own';

/** What a flue.config says. */
export interface FlueConfig extends SaidTarget {
  root: Folder;
  db: Value;
}

/** What a Vite config says of Flue. `cloudflare`: it has the plugin of Cloudflare. */
export interface ViteConfig {
  /** The options of the `flue()` plugin, or null where the config does not have that plugin. */
  flue: (SaidTarget & { db: Value }) | null;
  cloudflare: boolean;
  /** Plugins that could not be followed to a call. */
  computed: boolean;
  /** Vite's own options. */
  root: Folder;
  envDir: Folder;
}

/** A config with nothing but a target, which needs no parser: an import, and an object, each in its usual form. */
const imported = /(?:import\s*\{\s*defineConfig\s*\}\s*from\s*(['"])@flue\/(?:cli|runtime|sdk)\/config\1\s*;?\s*)?/;
const object = /\{\s*(?:target\s*:\s*(['"])(\w+)\2\s*,?\s*)?\}/;
const plainConfig = new RegExp(
  String.raw`^\s*${imported.source}export\s+default\s+(?:defineConfig\s*\(\s*)?${object.source}\s*\)?\s*;?\s*$`,
);

/** Reads flue.config. Gives null where it does not parse. */
export async function readFlueConfig(text: string): Promise<FlueConfig | null> {
  const plain = plainConfig.exec(withoutComments(text.replace(/^\uFEFF/, '')));
  if (plain) return { target: plain[3] ? { literal: plain[3] } : 'absent', either: [], root: 'absent', db: 'absent' };
  const program = await parseConfig(text);
  if (!program) return null;
  const exported = exportOf(program);
  const object = exported ? objectBehind(exported, program) : null;
  if (!object) return { target: 'computed', either: targetsIn(exported), root: 'absent', db: 'absent' };
  return {
    ...targetOf(object, program),
    root: folderOf(object, 'root', program),
    db: ownProperty(object, 'db', program),
  };
}

/** Reads a Vite config for the Flue and Cloudflare plugins. Gives null where it does not parse. */
export async function readViteConfig(text: string): Promise<ViteConfig | null> {
  const silent: ViteConfig = { flue: null, cloudflare: false, computed: false, root: 'absent', envDir: 'absent' };
  if (!text.includes('@flue/vite')) return silent;
  if (/\bflue\(\s*\)/.test(text) && !/flue\(\s*[^)\s]|target|cloudflare|\bdb\b|\broot\b|envDir/i.test(text))
    return { ...silent, flue: { target: 'absent', either: [], db: 'absent' } };
  const program = await parseConfig(text);
  if (!program) return null;
  const flue = importedFrom(program, /^@flue\/vite$/);
  const cloudflare = importedFrom(program, /^@cloudflare\/vite-plugin$|^vite-plugin-cloudflare/);
  const calls = callsIn(program);
  const found = calls.filter(({ callee }) => flue.includes(callee?.name ?? ''));
  return {
    flue: found.length > 0 ? pluginOptions(found, program) : null,
    cloudflare: calls.some(({ callee }) =>
      cloudflare.includes(callee?.name ?? (callee?.object as ConfigNode | undefined)?.name ?? ''),
    ),
    computed: found.length === 0,
    root: viteOption('root', text, program),
    envDir: viteOption('envDir', text, program),
  };
}

function pluginOptions(calls: ConfigNode[], program: ConfigNode): NonNullable<ViteConfig['flue']> {
  const objects = calls.map(({ arguments: given }) => (given?.[0] ? objectBehind(given[0], program) : 'none'));
  const valueIn = (object: (typeof objects)[number], key: string): Value => {
    if (object === 'none') return 'absent';
    return object ? property(object, key, program) : 'computed';
  };
  const of = (key: string): Value => agreed(objects.map((one) => valueIn(one, key)));
  return { target: of('target'), either: targetsIn(calls.map((call) => call.arguments)), db: of('db') };
}

/**
 * An option of Vite's own: in every object that the config may be. Where no object can be seen, a config that never
 * says the word has none.
 */
function viteOption(key: string, text: string, program: ConfigNode): Folder {
  const exported = exportOf(program);
  const objects = exported ? objectsReturned(exported, program) : null;
  if (!objects) return new RegExp(`\\b${key}\\b`).test(withoutComments(text)) ? 'computed' : 'absent';
  return agreed(objects.map(({ object, program: inside }) => folderOf(object, key, inside)));
}

/** A folder that a config names. */
function folderOf(object: ConfigNode, key: string, program: ConfigNode): Folder {
  const value = ownProperty(object, key, program);
  const written = value === 'computed' ? dotted(expressionOf(object, key, program)) : '';
  if (written === '__dirname' || written === 'import.meta.dirname') return 'own';
  return written === 'process.cwd()' ? 'absent' : value;
}

/** `a`, `a.b`, `a.b()`; '' where it is anything else. */
function dotted(node: ConfigNode | null | undefined): string {
  if (node?.type === 'Identifier') return node.name!;
  if (node?.type === 'MetaProperty') return 'import.meta';
  if (node?.type === 'CallExpression') return node.arguments?.length === 0 ? `${dotted(node.callee)}()` : '';
  if (node?.type !== 'MemberExpression' || node.computed) return '';
  return `${dotted(node.object as ConfigNode)}.${dotted(node.property as ConfigNode)}`;
}

function targetOf(object: ConfigNode, program: ConfigNode): SaidTarget {
  const target = property(object, 'target', program);
  return { target, either: target === 'computed' ? targetsIn(expressionOf(object, 'target', program)) : [] };
}

function targetsIn(node: unknown): Target[] {
  const targets = literalsIn(node).filter((one): one is Target => one === 'node' || one === 'cloudflare');
  return [...new Set(targets)];
}

/** What all of them say; computed where they differ. */
function agreed<T extends Folder>(values: T[]): T | 'computed' {
  return values.every((value) => JSON.stringify(value) === JSON.stringify(values[0])) ? values[0]! : 'computed';
}
