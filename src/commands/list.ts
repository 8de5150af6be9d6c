import { listBlueprints } from '../choose/shelf.ts';
import { sayBlueprints } from '../say/human.ts';
import type { Report } from '../say/json.ts';

/** `flue list`: what can be added. */
export async function list({ json }: { json?: boolean }): Promise<Report> {
  const blueprints = listBlueprints();
  if (!json) sayBlueprints(blueprints);
  return { command: 'list', blueprints };
}
