import { isEdited, readRendering } from '../blueprints/recognise.ts';
import { takeBlueprint, takeMarked } from '../blueprints/shelf.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { Problem } from '../problem.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Outcome, Removal } from '../types/choice.ts';
import type { Entry, Facts } from '../types/facts.ts';
import { choosePackageManager } from './package-manager.ts';

/**
 * What `remove` may take back; null where there is no entry, or the host's own default. The package manager is only
 * asked for where it is to run. Raises `adapter-exists` for an entry that is not ours or was edited, and `bad-request`
 * where another database is named.
 */
export async function chooseRemoval(
  facts: Facts,
  { name, install }: { name: string | undefined; install: boolean },
): Promise<Outcome<Removal | null>> {
  const wanted = name && takeBlueprint(name, hostOf(facts).shelf).blueprint.name;
  const entry = facts.entry?.value;
  if (!entry || (entry.handedOut?.kind === 'starter' && !entry.marker)) return { choice: null };
  const { path, marker } = entry;
  if (!marker)
    throw new Problem('adapter-exists', `\`${path}\` is not one of ours`, 'take it out yourself, if it is to go');
  if (wanted && marker.split(/[/@]/)[1] !== wanted)
    throw new Problem('bad-request', `\`${path}\` is ${marker}, not ${wanted}`, 'name that, or nothing');
  const marked = takeMarked(marker);
  if (!marked) {
    const why = `\`${path}\` is marked as \`${marker}\`, which this version does not know`;
    throw new Problem('adapter-exists', why, 'use the version that wrote it, or take it out yourself');
  }
  const ours = await readRendering(facts, entry);
  if (!ours) {
    const why = await whyNotOurs(entry, marked);
    throw new Problem('adapter-exists', why, 'take it out yourself, if it is to go, and its packages with it');
  }
  const manager = choosePackageManager(facts);
  if ('question' in manager && install) return manager;
  const { value: driver } = ours.driver;
  const packages = [marked.blueprint.adapter, driver.package, ...Object.keys(driver.types ?? {})];
  const packageManager = 'choice' in manager ? manager.choice : null;
  return { choice: { blueprint: marker, entry, driver, packages, names: ours.names, packageManager } };
}

/** The first line alone does not say who wrote what stands below it. */
async function whyNotOurs(entry: Entry, marked: Shelved): Promise<string> {
  const { path, marker, handedOut } = entry;
  if (handedOut) return `\`${path}\` is not ours: ${handedOut.because}`;
  return (await isEdited(entry, marked))
    ? `\`${path}\` was made from ${marker} and is not as it was written`
    : `\`${path}\` is not ours: its first line says ${marker}, and below it stands another text`;
}
