import { listBlueprints } from '../blueprints/shelf.ts';
import { inspect as look } from '../inspect/index.ts';
import type { Report } from '../output/json.ts';
import { openScreen } from '../output/screen.ts';
import { showFacts } from '../output/tables.ts';
import { ourCommand } from './command-line.ts';

/** `flue inspect`: the facts about a project, each with its evidence, and nothing decided. */
export async function inspect({ cwd, json }: { cwd: string; json?: boolean }): Promise<Report> {
  const facts = await look(cwd, listBlueprints());
  if (!json) showFacts(await openScreen(1), facts, ourCommand(facts));
  return { command: 'inspect', facts };
}
