import { listBlueprints } from '../blueprints/shelf.ts';
import { inspect as look } from '../inspect/index.ts';
import { sayFacts } from '../output/human.ts';
import type { Report } from '../output/json.ts';

/** `flue inspect`: the facts about a project, each with its evidence, and nothing decided. */
export async function inspect({ cwd, json }: { cwd: string; json?: boolean }): Promise<Report> {
  const facts = await look(cwd, listBlueprints());
  if (!json) sayFacts(facts);
  return { command: 'inspect', facts };
}
