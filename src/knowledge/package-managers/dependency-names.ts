/** What each package that is installed or locked names as a dependency or a peer of its own. */
export type Names = Map<string, Set<string>>;

/**
 * What a lockfile says of that: all names, and those of peers, which a package finds where whoever uses it declares
 * them, while what it depends on comes with it. `peers`: null where the lockfile does not tell.
 */
export interface LockedNames {
  names: Names;
  peers: Names | null;
}

/** The lists by which a package that is installed brings others; what it needs to be developed it does not bring. */
const lists = ['dependencies', 'peerDependencies', 'optionalDependencies'] as const;

/** Notes that a package names others. */
export function put(names: Names, name: string, others: Iterable<string>): void {
  const known = names.get(name) ?? new Set();
  for (const one of others) known.add(one);
  names.set(name, known);
}

/** Notes the names in the dependency lists of a manifest, or of a lockfile's entry; returns all of them. */
export function putAll({ names, peers }: { names: Names; peers: Names }, name: string, one: unknown): string[] {
  const manifest = one as Partial<Record<(typeof lists)[number], Record<string, string>>> | null;
  const others = lists.flatMap((list) => Object.keys(manifest?.[list] ?? {}));
  put(names, name, others);
  put(peers, name, Object.keys(manifest?.peerDependencies ?? {}));
  return others;
}

/**
 * What packages name in a lockfile by lines: a package begins a line, indented by two or, with Yarn, not at all; below
 * it stand its lists, and below those the names.
 * @param entry matches the line that begins a package, whose name it captures
 */
export function namesInBlocks(text: string, entry: RegExp): { names: Names; peers: Names } {
  const names: Names = new Map();
  const peers: Names = new Map();
  for (const { name, lines } of blocksIn(text, entry)) {
    put(names, name, []);
    for (const { list, keys } of listedIn(lines)) {
      put(names, name, keys);
      if (list === 'peerDependencies') put(peers, name, keys);
    }
  }
  return { names, peers };
}

/** The packages of a text, each with the lines below it, up to one that is not indented. */
function blocksIn(text: string, entry: RegExp): { name: string; lines: string[] }[] {
  const blocks: { name: string; lines: string[] }[] = [];
  let lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const name = entry.exec(line)?.[1];
    if (name !== undefined || /^\S/.test(line)) lines = [];
    if (name !== undefined) blocks.push({ name, lines });
    else lines.push(line);
  }
  return blocks;
}

/** The keys of each line that stands in a list of dependencies, deeper than the list's own line. */
function listedIn(lines: readonly string[]): { list: string; keys: string[] }[] {
  const found: { list: string; keys: string[] }[] = [];
  let open: { list: string; indent: number } | null = null;
  for (const line of lines) {
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    const list = /^\s+(dependencies|peerDependencies|optionalDependencies):\s*$/.exec(line)?.[1];
    if (list !== undefined) open = { list, indent };
    else if (open && indent <= open.indent) open = null;
    else if (open) found.push({ list: open.list, keys: keyOf(line) });
  }
  return found;
}

/** The key that an indented line begins with, if it does with one. */
function keyOf(line: string): string[] {
  return /^\s+['"]?(@?[^'"\s:@][^'"\s:]*)['"]?(?::|\s)/.exec(line)?.slice(1) ?? [];
}
