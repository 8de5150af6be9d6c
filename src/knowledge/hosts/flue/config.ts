import { withoutComments } from '../../../code/comments.ts';
import {
  type ConfigNode,
  callsIn,
  exportOf,
  importedFrom,
  objectOf,
  ownProperty,
  parseConfig,
  property,
  type Value,
} from '../../../code/config.ts';

/**
 * Reads a config module as syntax; nothing of the user's is ever run. The plain form is recognised without a parser;
 * anything else is parsed.
 */

export interface FlueConfig {
  target: Value;
  root: Value;
  db: Value;
}

export interface ViteConfig {
  /** The options of the `flue()` plugin, or null where the config does not have that plugin. */
  flue: { target: Value; db: Value } | null;
  cloudflare: boolean;
  /** Plugins that could not be followed to a call. */
  computed: boolean;
}

const PLAIN =
  /^\s*(?:import\s*\{\s*defineConfig\s*\}\s*from\s*(['"])@flue\/(?:cli|runtime|sdk)\/config\1\s*;?\s*)?export\s+default\s+(?:defineConfig\s*\(\s*)?\{\s*(?:target\s*:\s*(['"])(\w+)\2\s*,?\s*)?\}\s*\)?\s*;?\s*$/;

/** Reads flue.config. Gives null where it does not parse. */
export async function readFlueConfig(text: string): Promise<FlueConfig | null> {
  const plain = PLAIN.exec(withoutComments(text.replace(/^\uFEFF/, '')));
  if (plain) {
    return { target: plain[3] ? { literal: plain[3] } : 'absent', root: 'absent', db: 'absent' };
  }
  const program = await parseConfig(text);
  if (!program) return null;
  const exported = exportOf(program);
  const object = exported ? objectOf(exported, program) : null;
  if (!object) return { target: 'computed', root: 'absent', db: 'absent' };
  return {
    target: property(object, 'target', program),
    root: ownProperty(object, 'root', program),
    db: ownProperty(object, 'db', program),
  };
}

/** Reads a Vite config for the Flue and Cloudflare plugins. Gives null where it does not parse. */
export async function readViteConfig(text: string): Promise<ViteConfig | null> {
  if (!text.includes('@flue/vite')) return { flue: null, cloudflare: false, computed: false };
  if (/\bflue\(\s*\)/.test(text) && !/flue\(\s*[^)\s]|target|cloudflare|\bdb\b|\broot\b/i.test(text)) {
    return { flue: { target: 'absent', db: 'absent' }, cloudflare: false, computed: false };
  }
  const program = await parseConfig(text);
  if (!program) return null;
  const flue = importedFrom(program, /^@flue\/vite$/);
  const cloudflare = importedFrom(program, /^@cloudflare\/vite-plugin$|^vite-plugin-cloudflare/);
  const calls = callsIn(program);
  const found = calls.filter(({ callee }) => flue.includes(callee?.name ?? ''));
  return {
    flue: found.length > 0 ? { target: agreed(found, 'target', program), db: agreed(found, 'db', program) } : null,
    cloudflare: calls.some(({ callee }) =>
      cloudflare.includes(callee?.name ?? (callee?.object as ConfigNode | undefined)?.name ?? ''),
    ),
    computed: found.length === 0,
  };
}

/** What all calls of the plugin say; computed where they differ. */
function agreed(calls: ConfigNode[], key: string, program: ConfigNode): Value {
  const values = calls.map(({ arguments: given }) => {
    if (!given?.[0]) return 'absent';
    const object = objectOf(given[0], program);
    return object ? property(object, key, program) : 'computed';
  });
  return values.every((value) => JSON.stringify(value) === JSON.stringify(values[0])) ? values[0]! : 'computed';
}
