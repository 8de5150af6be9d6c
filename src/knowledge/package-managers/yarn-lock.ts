import type { LockedQuery } from './index.ts';
import { onlyVersion, plainVersion } from './versions.ts';

/** One entry of a yarn.lock: its descriptors, its version, and what a package of the workspace depends on. */
interface LockEntry {
  descriptors: string[];
  version: string | null;
  dependencies: Record<string, string>;
}

/**
 * Reads a yarn.lock, of Yarn 1 or of a newer one: a package gets what the descriptor leads to that it declares. In
 * newer ones the package that asks is an entry itself, with its descriptors as they are resolved, catalogs and all.
 */
export function openYarnLock(text: string): (wanted: LockedQuery) => string | null {
  const entries = entriesIn(text);
  const byDescriptor = new Map(entries.flatMap((entry) => entry.descriptors.map((one) => [one, entry] as const)));
  return ({ name, specifier, member }) => {
    const own = entries.find(({ descriptors }) => descriptors.some((one) => one.endsWith(`@workspace:${member}`)));
    const wanted = [own?.dependencies[name], specifier].flatMap((one) =>
      one ? [`${name}@${one}`, `${name}@npm:${one}`] : [],
    );
    const entry = wanted.map((one) => byDescriptor.get(one)).find((one) => one !== undefined);
    if (entry) return entry.version;
    const all = entries.filter(({ descriptors }) => descriptors.some((one) => one.startsWith(`${name}@`)));
    return onlyVersion(all.map(({ version }) => version));
  };
}

function entriesIn(text: string): LockEntry[] {
  const entries: LockEntry[] = [];
  let inDependencies = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^[^\s#]/.test(line) && line.endsWith(':')) {
      entries.push({ descriptors: descriptorsIn(line.slice(0, -1)), version: null, dependencies: {} });
      inDependencies = false;
      continue;
    }
    const entry = entries.at(-1);
    if (!entry) continue;
    if (/^ {2}\S/.test(line)) {
      const [, key, value = ''] = /^ {2}([\w-]+):? *(.*)$/.exec(line) ?? [];
      inDependencies = key === 'dependencies' && value === '';
      if (key === 'version') entry.version = plainVersion(unquoted(value));
    } else if (inDependencies) putDependency(entry, line);
  }
  return entries;
}

/** Notes the dependency that a line below `dependencies` names. */
function putDependency({ dependencies }: LockEntry, line: string): void {
  const [, name, value] = /^ {4}("[^"]*"|[^\s":]+):? +(.*)$/.exec(line) ?? [];
  if (name && value !== undefined) dependencies[unquoted(name)] = unquoted(value);
}

/** Yarn 1 quotes each of several by itself, newer ones all of them together. */
function descriptorsIn(key: string): string[] {
  return key.split(', ').map((one) => one.trim().replace(/^"|"$/g, ''));
}

function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1');
}
