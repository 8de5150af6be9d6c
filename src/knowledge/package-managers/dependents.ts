import { type Manifest, readManifest } from '../../project/manifest.ts';
import { inFolder, type Project } from '../../project/project.ts';

/** What each package that is installed or locked names as a dependency or a peer of its own. */
type Names = Map<string, Set<string>>;

/** Packages that are to go, and what the project declares besides them. */
export interface Going {
  going: readonly string[];
  declared: readonly string[];
}

/**
 * Of the packages that are to go those that another one names, each with the first that does: one that is there without them, by way of what else the
 * project declares. Read from the lockfile, else from the manifests in `node_modules`; where there is neither, nothing names anything.
 */
export function dependentsOf(project: Project, { going, declared }: Going): Record<string, string> {
  const names = inLockfile(project) ?? inNodeModules(project, declared);
  const found: Record<string, string> = {};
  const known = new Set(declared.filter((name) => !going.includes(name)));
  for (const one of known) {
    for (const other of names.get(one) ?? []) {
      if (going.includes(other)) found[other] ??= one;
      else known.add(other);
    }
  }
  return found;
}

/** Lockfiles and how each is read, those first that also know peers. */
const formats: [file: string, read: (text: string) => Names][] = [
  ['package-lock.json', ofNpm],
  ['npm-shrinkwrap.json', ofNpm],
  ['pnpm-lock.yaml', ofPnpm],
  ['bun.lock', ofBun],
  ['yarn.lock', ofYarn],
  ['deno.lock', ofDeno],
  ['node_modules/.package-lock.json', ofNpm],
];

function inLockfile(project: Project): Names | null {
  for (const folder of project.upward) {
    for (const [file, read] of formats) {
      const text = project.has(inFolder(folder, file)) ? (project.read(inFolder(folder, file)) ?? '') : '';
      // Yarn 1 writes no peers down: where there is node_modules, the manifests know more.
      if (text === '' || (text.includes('# yarn lockfile v1') && project.isFolder(inFolder(folder, 'node_modules'))))
        continue;
      const names = read(text);
      if (names.size > 0) return names;
    }
  }
  return null;
}

const lists = ['dependencies', 'peerDependencies', 'optionalDependencies'] as const;

function put(names: Names, name: string, others: Iterable<string>): void {
  const known = names.get(name) ?? new Set();
  for (const one of others) known.add(one);
  names.set(name, known);
}

/** A JSON object; an empty one where a text is none. */
function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function namesIn(one: unknown): string[] {
  const manifest = one as Partial<Record<(typeof lists)[number], Record<string, string>>> | null;
  return lists.flatMap((list) => Object.keys(manifest?.[list] ?? {}));
}

/** Versions 2 and 3 by path, `node_modules/a/node_modules/b`; version 1 as a tree, with `requires`. A member of the workspace speaks for itself. */
function ofNpm(text: string): Names {
  const names: Names = new Map();
  const { packages, dependencies } = parsed(text) as Record<string, Record<string, { requires?: object }>>;
  for (const [path, one] of Object.entries(packages ?? {})) {
    const at = path.lastIndexOf('node_modules/');
    if (at >= 0) put(names, path.slice(at + 'node_modules/'.length), namesIn(one));
  }
  const open = packages ? [] : [dependencies ?? {}];
  for (const tree of open) {
    for (const [name, one] of Object.entries(tree)) {
      put(names, name, Object.keys(one?.requires ?? {}));
      const inner = (one as { dependencies?: typeof tree })?.dependencies;
      if (inner) open.push(inner);
    }
  }
  return names;
}

/** A package begins a line, indented by two or, with Yarn, not at all; below it stand its lists, and below those the names. */
function ofIndented(text: string, entry: RegExp): Names {
  const names: Names = new Map();
  let current: string | null = null;
  let listed = -1;
  for (const line of text.split(/\r?\n/)) {
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    const begins = entry.exec(line);
    if (begins) {
      current = begins[1]!;
      listed = -1;
      put(names, current, []);
    } else if (/^\s+(?:dependencies|peerDependencies|optionalDependencies):\s*$/.test(line)) listed = indent;
    else if (indent <= listed) listed = -1;
    else if (listed >= 0 && current !== null) {
      const name = /^\s+['"]?(@?[^'"\s:@][^'"\s:]*)['"]?(?::|\s)/.exec(line)?.[1];
      if (name) put(names, current, [name]);
    }
    if (!begins && indent === 0) current = null;
  }
  return names;
}

function ofPnpm(text: string): Names {
  return ofIndented(text, /^ {2}['"]?\/?((?:@[^@/'"]+\/)?[^@/'"\s:]+)@[^:]*.*:\s*(?:\{\})?$/);
}

function ofYarn(text: string): Names {
  const own = /^"?(?:@[^@/"]+\/)?[^@/"\s]+@workspace:/m;
  const entries = text.split(/\r?\n(?=\S)/).filter((one) => !own.test(one.split('\n')[0]!));
  return ofIndented(entries.join('\n'), /^"?((?:@[^@/"]+\/)?[^@/"\s]+)@.*:$/);
}

/** One package, one line: its key, and an array with its name, and an object with its lists. */
function ofBun(text: string): Names {
  const names: Names = new Map();
  for (const [, id, rest] of text.matchAll(/^\s+"[^"]+": \["((?:@[^@/"]+\/)?[^@"]+)@[^"]*",(.*)$/gm)) {
    const named = [...rest!.matchAll(/"(?:dependencies|peerDependencies|optionalDependencies)": \{([^}]*)\}/g)];
    put(
      names,
      id!,
      named.flatMap(([, list]) => [...list!.matchAll(/"([^"]+)":/g)].map((match) => match[1]!)),
    );
  }
  return names;
}

function ofDeno(text: string): Names {
  const names: Names = new Map();
  const { npm } = parsed(text) as { npm?: Record<string, { dependencies?: unknown }> };
  const bare = (id: string) => id.replace(/(?<=.)@.*$/, '');
  for (const [id, one] of Object.entries(npm ?? {})) {
    const { dependencies } = one ?? {};
    const ids = Array.isArray(dependencies) ? dependencies.map(String) : Object.keys(dependencies ?? {});
    put(names, bare(id), ids.map(bare));
  }
  return names;
}

const mostManifests = 5000;

/** The manifests of what is declared, and of what those name, as far as they lie in a `node_modules` from the package upward. */
function inNodeModules(project: Project, declared: readonly string[]): Names {
  const names: Names = new Map();
  const open = new Set(declared);
  for (const name of open) {
    if (names.size > mostManifests) break;
    const manifest = installedManifest(project, name);
    if (!manifest) continue;
    const others = namesIn(manifest);
    put(names, name, others);
    for (const other of others) open.add(other);
  }
  return names;
}

function installedManifest(project: Project, name: string): Manifest | null {
  const folder = project.upward
    .map((one) => inFolder(one, `node_modules/${name}`))
    .find((one) => project.isFolder(one));
  try {
    return folder === undefined ? null : readManifest(project, folder);
  } catch {
    // What cannot be read names nothing.
    return null;
  }
}
