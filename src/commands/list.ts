import { otherNames } from '../blueprints/shelf.ts';
import { allBlueprints } from '../knowledge/hosts/index.ts';
import type { Report } from '../output/json.ts';
import { openScreen } from '../output/screen.ts';
import { showBlueprints } from '../output/tables.ts';
import type { Blueprint } from '../types/blueprint.ts';

/** `flue list`: what can be added. */
export async function list({ json }: { json?: boolean }): Promise<Report> {
  const blueprints = offered();
  if (!json) showBlueprints(await openScreen(1), blueprints);
  return { command: 'list', blueprints };
}

/** The shelf, each with every other name by which it can be asked for. */
export function offered(): Blueprint[] {
  return allBlueprints().map((one) => ({ ...one, aliases: otherNames(one) }));
}
