import path from 'node:path';
import { formerOf } from '../../blueprints/marker.ts';
import { isSameCode } from '../../edit/format.ts';
import { Problem } from '../../problem.ts';
import type { Choice, Removal } from '../../types/choice.ts';
import type { Facts } from '../../types/facts.ts';
import type { Write } from '../../types/plan.ts';

/** What every host's entry has in common: one file of ours. */

/**
 * The entry file with that text, and what it held before, kept beside it where that is the project's own. Nothing where
 * it is so already, but for its formatting. Raises `adapter-exists` where another former entry is kept already.
 */
export async function writeEntry({ entry, former }: Facts, choice: Choice, text: string): Promise<Write[]> {
  const { path: file, because } = choice.entry;
  const there = entry?.value.path === file ? entry.value : null;
  const before = there?.text ?? null;
  if (before !== null && there?.marker === choice.blueprint && (await isSameCode(file, before, text))) return [];
  const write: Write = { kind: 'write', path: file, before, after: text, because };
  if (before === null || !choice.entry.former) return [write];
  const kept = formerOf(file);
  if (former) {
    const why = `\`${kept}\` already keeps what \`${file}\` held before`;
    throw new Problem('adapter-exists', why, 'move it away, or delete it if it is not needed; then run this again');
  }
  const keeping = `what \`${file}\` held; \`flue-db remove\` puts it back`;
  return [write, { kind: 'write', path: kept, before: null, after: before, because: keeping }];
}

/** The entry as it was before ours took its place, and the kept text gone. */
export function putFormerBack({ entry }: Removal, former: NonNullable<Facts['former']>): Write[] {
  const because = `it keeps what was there before; \`${entry.path}\` has it again`;
  const there = `\`${former.path}\` has what was there before`;
  return [
    { kind: 'write', path: entry.path, before: entry.text, after: former.text, because: there },
    { kind: 'write', path: former.path, before: former.text, after: null, because },
  ];
}

/**
 * The entry gone, and with it the folders above it that it leaves empty, up to one of `standing`. Raises
 * `adapter-exists` where code imports it.
 */
export function deleteEntry({ entry }: Removal, importers: readonly string[], standing: readonly string[]): Write {
  const [importer] = importers;
  if (importer) {
    const why = `\`${importer}\` imports \`${entry.path}\`, which would be gone`;
    throw new Problem('adapter-exists', why, 'take that import out first, then run this again');
  }
  const folders: string[] = [];
  for (let folder = path.posix.dirname(entry.path); ; folder = path.posix.dirname(folder)) {
    if (folder === '.' || folder.endsWith('..') || standing.includes(folder)) break;
    folders.push(folder);
  }
  const because = 'it is ours, unchanged';
  const write: Write = { kind: 'write', path: entry.path, before: entry.text, after: null, because };
  return folders.length > 0 ? { ...write, folders } : write;
}
