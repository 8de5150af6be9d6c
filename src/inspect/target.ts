import { posix } from 'node:path';
import { Problem } from '../problem.ts';
import type { Found, Target } from '../types.ts';
import { readFlueConfig, readViteConfig, type Value } from './config.ts';
import type { Manifest } from './manifest.ts';
import type { Project } from './project.ts';

const extensions = ['ts', 'mts', 'mjs', 'js', 'cjs', 'cts'];
const configNames = extensions.map((extension) => `flue.config.${extension}`);

/** Whether it is the beta line, whose build takes `--target` and has no default. */
export function isBeta(flue: string | null, manifest: Manifest): boolean {
  const version = flue ?? manifest.dependencies?.['@flue/runtime'] ?? '';
  return /^[~^=v]*[01]\./.test(version);
}

/**
 * The build target by Flue's own rule, from syntax alone. A literal decides; a computed one, a contradiction or (at beta)
 * silence leaves it open (null), for `--target` to answer. `wrangler.*` and the like never decide; they are named.
 */
export async function inspectTarget(
  project: Project,
  manifest: Manifest,
  beta: boolean,
  asked: Target | undefined,
): Promise<Found<Target | null>> {
  if (asked) return { value: asked, because: '--target' };
  const found = beta ? await atBeta(project, manifest) : await atTwo(project);
  const hints = project.list('.').filter(({ name }) => /^(wrangler\.|\.dev\.vars)/.test(name));
  if (found.value !== null || hints.length === 0) return found;
  return {
    ...found,
    because: `${found.because}; ${hints.map(({ name }) => `\`${name}\``).join(' and ')} is there, which decides nothing`,
  };
}

/** `--target` behind `dev`, `build` or `run`, also through a wrapper, but not a bundler's own flag of that name. */
const targetFlag =
  /(?<!\b(?:bun|esbuild|tsup|tsdown|rolldown|rollup|webpack|vite|swc|ncc|pkg|deno)\s+)\b(?:dev|build|run)\b[^&|;]*?--target[= ]["']?(node|cloudflare)(?=["'\s]|$)/g;

async function fromConfig(project: Project): Promise<{ path: string; target: Value; root: Value; db: Value } | null> {
  const path = configNames.find((name) => project.has(name));
  if (!path) return null;
  const config = await readFlueConfig(project.read(path) ?? '');
  if (!config) throw new Problem('cannot-parse', `\`${path}\` does not parse`, 'mend it first; nothing was changed');
  return { path, ...config };
}

async function atBeta(project: Project, manifest: Manifest): Promise<Found<Target | null>> {
  const config = await fromConfig(project);
  if (config?.target === 'computed') return open(`\`target\` in \`${config.path}\` is computed`);
  const scripts = targetsInScripts(manifest);
  const said = scripts.map(({ value, because }) => `${because} says ${value}`).join(', ');
  if (config && config.target !== 'absent') {
    const { literal } = config.target as { literal: string };
    if (scripts.some(({ value }) => value !== literal)) return open(`\`${config.path}\` says ${literal}, but ${said}`);
    return decided(literal, `\`target\` in \`${config.path}\``);
  }
  const values = new Set(scripts.map(({ value }) => value));
  if (values.size === 1) return { value: scripts[0]!.value, because: scripts[0]!.because };
  return open(values.size > 1 ? said : 'neither a flue.config nor a script in `package.json` names a target');
}

function targetsInScripts(manifest: Manifest): { value: Target; because: string }[] {
  return Object.entries(manifest.scripts ?? {}).flatMap(([script, command]) =>
    [...String(command).matchAll(targetFlag)].map((match) => ({
      value: match[1] as Target,
      because: `script \`${script}\``,
    })),
  );
}

async function atTwo(project: Project): Promise<Found<Target | null>> {
  const config = await fromConfig(project);
  const vites = await fromViteConfigs(project, config);
  if (vites.length > 0) {
    const first = vites[0]!;
    if (vites.every(({ value }) => value === first.value)) return first;
    return open(vites.map(({ value, because }) => `${because} says ${value ?? 'something computed'}`).join(', '));
  }
  return config ? fromLiteral(config) : { value: 'node', because: "Flue's default where no config says otherwise" };
}

function fromLiteral({ path, target }: { path: string; target: Value }): Found<Target | null> {
  if (target === 'computed') return open(`\`target\` in \`${path}\` is computed`);
  if (target === 'absent') return { value: 'node', because: `Flue's default, as \`${path}\` names none` };
  return decided(target.literal, `\`target\` in \`${path}\``);
}

async function fromViteConfigs(
  project: Project,
  config: { path: string; target: Value } | null,
): Promise<Found<Target | null>[]> {
  const paths = viteConfigs(project);
  const found: Found<Target | null>[] = [];
  for (const { name: path } of paths) {
    const vite = await readViteConfig(project.read(path) ?? '');
    if (!vite) found.push(open(`\`${path}\` does not parse`));
    else if (vite.computed) found.push(open(`the Flue plugin in \`${path}\` is not a plain call`));
    else if (vite.flue) found.push(ofVite(path, vite.flue.target, vite.cloudflare, config));
  }
  return found;
}

function ofVite(
  path: string,
  inline: Value,
  cloudflare: boolean,
  config: { path: string; target: Value } | null,
): Found<Target | null> {
  if (inline !== 'absent') return fromLiteral({ path, target: inline });
  if (config && config.target !== 'absent') return fromLiteral(config);
  if (cloudflare) return { value: 'cloudflare', because: `the Cloudflare plugin in \`${path}\`` };
  return { value: 'node', because: `\`flue()\` in \`${path}\`, without a Cloudflare plugin` };
}

function decided(literal: string, because: string): Found<Target | null> {
  if (literal === 'node' || literal === 'cloudflare') return { value: literal, because };
  return open(`${because} is \`${literal}\`, which Flue does not know`);
}

/**
 * The folder that Flue takes for the project's root: the package, or where a beta config's `root` points. Raises `cannot-parse` where
 * that is computed or leads out of the project.
 */
export async function inspectRoot(project: Project, beta: boolean): Promise<Found<string>> {
  const config = beta ? await fromConfig(project) : null;
  if (!config || config.root === 'absent') return { value: '.', because: 'the package' };
  if (config.root === 'computed') throw elsewhere(config.path, 'root');
  return inside(project, config.root.literal, `\`root\` in \`${config.path}\``);
}

/**
 * Where the config says the db entry is (2.x: `db`, inline or in the file); null where it says nothing. Raises `cannot-parse` where that
 * is computed or leads out of the project.
 */
export async function inspectEntryOption(project: Project, beta: boolean): Promise<Found<string> | null> {
  if (beta) return null;
  const config = await fromConfig(project);
  const said = config && config.db !== 'absent' ? { path: config.path, db: config.db } : null;
  for (const { name: path } of viteConfigs(project)) {
    const inline = (await readViteConfig(project.read(path) ?? ''))?.flue?.db ?? 'absent';
    if (inline !== 'absent') return entryAt(project, path, inline);
  }
  return said ? entryAt(project, said.path, said.db) : null;
}

function entryAt(project: Project, path: string, db: Value): Found<string> {
  if (typeof db === 'string') throw elsewhere(path, 'db');
  const entry = inside(project, db.literal, `\`db\` in \`${path}\``);
  if (!project.isFolder(entry.value)) return entry;
  const message = `${entry.because} points to \`${db.literal}\`, which is a folder`;
  throw new Problem('adapter-exists', message, 'name a file there, as `./src/db.ts`; nothing was changed');
}

function inside(project: Project, literal: string, because: string): Found<string> {
  const value = posix.normalize(literal).replace(/(?<=.)\/$/, '');
  const segments = value.split('/');
  // 255 bytes are what file systems hold of a name.
  if (segments.some((one) => one.toLowerCase() === '.git' || one.includes('\0') || Buffer.byteLength(one) > 255)) {
    throw new Problem('cannot-parse', `${because} is no place for a file`, 'name one that is; nothing was changed');
  }
  const outside = posix.isAbsolute(value) ? value : project.outside(value);
  if (!outside) return { value, because };
  const message = `${because} points to \`${outside}\`, outside this project`;
  throw new Problem('cannot-parse', message, 'name a place inside it; nothing was changed');
}

function elsewhere(path: string, key: string): Problem {
  const message = `\`${key}\` in \`${path}\` is computed, so it does not tell where the db entry belongs`;
  return new Problem(
    'cannot-parse',
    message,
    'write its value there literally; nothing of the project is run to find out',
  );
}

function viteConfigs(project: Project): { name: string }[] {
  return project.list('.').filter(({ name }) => /^vite\.config(\.[\w-]+)?\.[mc]?[jt]s$/.test(name));
}

function open(because: string): Found<null> {
  return { value: null, because };
}
