import { listBlueprints } from '../choose/shelf.ts';
import { inspect as look } from '../inspect/index.ts';
import { sayFacts } from '../say/human.ts';
import type { Report } from '../say/json.ts';

/** `flue inspect`: the facts about a project, each with its evidence, and nothing decided. */
export async function inspect({ cwd, json }: { cwd: string; json?: boolean }): Promise<Report> {
  const facts = await look(cwd, listBlueprints());
  if (!json) sayFacts(facts);
  return { command: 'inspect', facts };
}
