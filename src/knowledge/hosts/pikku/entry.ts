import path from 'node:path';
import { readMarker } from '../../../blueprints/marker.ts';
import { Problem } from '../../../problem.ts';
import { inFolder, type Project } from '../../../project/project.ts';
import type { Choice, Removal } from '../../../types/choice.ts';
import type { Entry, Facts, Found, HostFacts } from '../../../types/facts.ts';
import type { Write } from '../../../types/plan.ts';
import { deleteEntry, putFormerBack, writeEntry } from '../entry-file.ts';
import type { Reverted } from '../index.ts';
import { detailsOf } from './details.ts';
import { exported, withoutWiring, withWiring } from './wiring.ts';

/**
 * The names that the entry may have, beside the module of services: the second where the first is the application's
 * own.
 */
const names = ['redis', 'pikku-redis'];
const extensions = ['ts', 'mts', 'js', 'mjs', 'tsx', 'jsx', 'cts', 'cjs'];

/**
 * Where the entry is, or belongs. `extension`: of a new one. `imported`: what the module of services imports it from
 * already.
 */
export function inspectPlace(
  project: Project,
  folder: string,
  extension: string,
  imported: string | null,
): HostFacts['place'] {
  if (imported) return { value: imported, because: `\`${exported}\` is imported from it`, option: false };
  const filesAt = (name: string) =>
    extensions.map((extension) => inFolder(folder, `${name}.${extension}`)).filter((file) => project.has(file));
  const ours = names
    .flatMap(filesAt)
    .find((file) => !project.isFolder(file) && readMarker(project.read(file) ?? '')?.startsWith('pikku/'));
  if (ours) return { value: ours, because: 'its first line says that it is one of ours', option: false };
  const free = names.find((name) => filesAt(name).length === 0 && !project.isFolder(inFolder(folder, name)));
  const file = inFolder(folder, `${free ?? names.at(-1)}.${extension}`);
  const beside = free === names[0] ? '' : `, as \`${names[0]}\` is taken`;
  return { value: file, because: `it stands where the services are made${beside}`, option: false };
}

/**
 * The entry that is there. Raises `adapter-exists` where its place is taken by a folder, or by a symlink that leads out
 * of the project.
 */
export function inspectEntry(project: Project, { value: file, because }: HostFacts['place']): Found<Entry> | null {
  if (!project.has(file)) return null;
  const outside = project.outside(file);
  if (project.isFolder(file) || outside) {
    const what = outside ? `a symlink to \`${outside}\`, outside this project` : 'a folder';
    throw new Problem('adapter-exists', `\`${file}\` is ${what}`, 'rename it, then run this again');
  }
  const text = project.read(file) ?? '';
  return { value: { path: file, text, marker: readMarker(text), handedOut: null }, because };
}

/** The entry, and the two lines by which the services have it; those only where they prove. */
export async function pikkuEntry(facts: Facts, choice: Choice, text: string): Promise<Write[]> {
  const writes = await writeEntry(facts, choice, text);
  const { services, specifier, wiredIn, left } = detailsOf(facts);
  if (!services || wiredIn !== null || left !== null) return writes;
  const edited = await withWiring(services.text, specifier);
  if ('refused' in edited) throw new Error(`the edit of ${services.path} was proven when it was looked at`);
  const because = 'its services come from the entry, and what comes last wins';
  return [...writes, { kind: 'write', path: services.path, before: services.text, after: edited.text, because }];
}

/** The two lines taken out, where they are as they were put in, and the entry gone, or what was there before. */
export async function revertEntry(facts: Facts, removal: Removal, importers: readonly string[]): Promise<Reverted> {
  const { services, specifier } = detailsOf(facts);
  const before = services?.text ?? '';
  const after = services ? await withoutWiring(before, specifier) : null;
  const because = 'what it had from the entry is gone';
  const edit: Write[] =
    services && after !== null ? [{ kind: 'write', path: services.path, before, after, because }] : [];
  const others = importers.filter((one) => edit.length === 0 || one !== services?.path);
  if (facts.former) {
    const text = `\`${removal.entry.path}\` is again what it was`;
    const back = putFormerBack(removal, facts.former);
    return { writes: [...edit, ...back], steps: [{ kind: 'know', path: removal.entry.path, text }] };
  }
  const standing = [facts.sourceRoot.value, path.posix.dirname(services?.path ?? removal.entry.path)];
  return {
    writes: [...edit, deleteEntry(removal, others, standing)],
    steps: [
      {
        kind: 'know',
        text:
          'without it the services have no store for workflows but ' +
          'what they make themselves, which may be in memory',
      },
    ],
  };
}
