import { takeBlueprint, takeMarked } from '../blueprints/shelf.ts';
import { Problem } from '../problem.ts';
import type { Question, Removal } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import { readOurs } from './entry.ts';
import { choosePackageManager } from './index.ts';

/**
 * What `remove` may take back; null where there is no db entry, or Flue's own default. Raises `adapter-exists` for a db entry that is not
 * ours or was edited, and `bad-request` where another database is named.
 */
export async function chooseRemoval(facts: Facts, name: string | undefined): Promise<Removal | Question | null> {
  const wanted = name && takeBlueprint(name).blueprint.name;
  if (!facts.adapter) return null;
  const { value: adapter } = facts.adapter;
  if (adapter.scaffold && !adapter.marker) return null;
  if (!adapter.marker) {
    throw new Problem(
      'adapter-exists',
      `\`${adapter.path}\` is not one of ours`,
      'take it out yourself, if it is to go',
    );
  }
  if (wanted && adapter.marker.split(/[/@]/)[1] !== wanted) {
    throw new Problem(
      'bad-request',
      `\`${adapter.path}\` is ${adapter.marker}, not ${wanted}`,
      'name that, or nothing',
    );
  }
  const marked = takeMarked(adapter.marker);
  if (!marked) {
    const why = `\`${adapter.path}\` is marked as \`${adapter.marker}\`, which this version does not know`;
    throw new Problem('adapter-exists', why, 'use the version that wrote it, or take it out yourself');
  }
  const ours = await readOurs(facts, adapter);
  if (!ours?.driver) {
    throw new Problem(
      'adapter-exists',
      `\`${adapter.path}\` was made from ${adapter.marker} and is not as it was written`,
      'take it out yourself, if it is to go, and its packages with it',
    );
  }
  const packageManager = choosePackageManager(facts);
  if ('flag' in packageManager) return packageManager;
  const { marker: blueprint, names } = ours;
  const { value: driver } = ours.driver;
  const packages = [marked.blueprint.adapter, driver.package, ...Object.keys(driver.types ?? {})];
  return { blueprint, entry: adapter.path, driver, packages, names: names ?? {}, packageManager };
}
