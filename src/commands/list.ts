import { allBlueprints } from '../knowledge/hosts/index.ts';
import { sayBlueprints } from '../output/human.ts';
import type { Report } from '../output/json.ts';

/** `flue list`: what can be added. */
export async function list({ json }: { json?: boolean }): Promise<Report> {
  const blueprints = allBlueprints();
  if (!json) sayBlueprints(blueprints);
  return { command: 'list', blueprints };
}
