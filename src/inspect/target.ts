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

async function fromConfig(project: Project): Promise<{ path: string; target: Value } | null> {
  const path = configNames.find((name) => project.has(name));
  if (!path) return null;
  const config = await readFlueConfig(project.read(path) ?? '');
  if (!config)
    throw new Problem('cannot-parse', `\`${path}\` does not parse`, 'mend it first, or pass `--target node`');
  return { path, target: config.target };
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
    [...String(command).matchAll(/\b(?:dev|build|run)\b[^&|;]*?--target[= ]["']?(node|cloudflare)(?=["'\s]|$)/g)].map(
      (match) => ({
        value: match[1] as Target,
        because: `script \`${script}\``,
      }),
    ),
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
  const paths = project.list('.').filter(({ name }) => /^vite\.config(\.[\w-]+)?\.[mc]?[jt]s$/.test(name));
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

function open(because: string): Found<null> {
  return { value: null, because };
}
