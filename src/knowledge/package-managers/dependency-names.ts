/** What each package that is installed or locked names as a dependency or a peer of its own. */
export type DependencyNames = Map<string, Set<string>>;

/** What a lockfile says of that, and whether it also has peers. */
export interface LockedNames {
  names: DependencyNames;
  peers: boolean;
}

/** The lists by which a package that is installed brings others; what it needs to be developed it does not bring. */
const lists = ['dependencies', 'peerDependencies', 'optionalDependencies'] as const;

/** Notes that a package names others. */
export function addNames(names: DependencyNames, name: string, others: Iterable<string>): void {
  const known = names.get(name) ?? new Set();
  for (const one of others) known.add(one);
  names.set(name, known);
}

/** The names in the dependency lists of a manifest, or of a lockfile's entry. */
export function declaredNames(one: unknown): string[] {
  const manifest = one as Partial<Record<(typeof lists)[number], Record<string, string>>> | null;
  return lists.flatMap((list) => Object.keys(manifest?.[list] ?? {}));
}

/**
 * What packages name in a lockfile by lines: a package begins a line, indented by two or, with Yarn, not at all; below
 * it stand its lists, and below those the names.
 * @param entry matches the line that begins a package, whose name it captures
 */
export function namesInBlocks(text: string, entry: RegExp): DependencyNames {
  const names: DependencyNames = new Map();
  let current: string | null = null;
  let listed = -1;
  for (const line of text.split(/\r?\n/)) {
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    const begins = entry.exec(line);
    if (begins) {
      current = begins[1]!;
      listed = -1;
      addNames(names, current, []);
      continue;
    }
    if (indent === 0) current = null;
    if (/^\s+(?:dependencies|peerDependencies|optionalDependencies):\s*$/.test(line)) listed = indent;
    else if (indent <= listed) listed = -1;
    else if (listed >= 0 && current !== null) addNames(names, current, keyOf(line));
  }
  return names;
}

/** The key that an indented line begins with, if it does with one. */
function keyOf(line: string): string[] {
  return /^\s+['"]?(@?[^'"\s:@][^'"\s:]*)['"]?(?::|\s)/.exec(line)?.slice(1) ?? [];
}
