import { listBlueprints } from '../blueprints/shelf.ts';
import { chooseHost } from '../choose/host.ts';
import { inspectHosts } from '../inspect/hosts.ts';
import { inspect as look } from '../inspect/index.ts';
import { openProject } from '../knowledge/package-managers/open.ts';
import type { Report } from '../output/json.ts';
import { openScreen } from '../output/screen.ts';
import { showFacts } from '../output/tables.ts';
import { ourCommand } from './command-line.ts';

/** `flue inspect`: the facts about a project, each with its evidence, and nothing decided. */
export async function inspect({
  cwd,
  json,
  host: asked,
}: {
  cwd: string;
  json?: boolean;
  host?: string;
}): Promise<Report> {
  const project = openProject(cwd);
  const found = await inspectHosts(project);
  const chosen = chooseHost(found, asked);
  // Where there are several, and none is named, the first is looked at: nothing is decided by it.
  const host = 'choice' in chosen ? chosen.choice : found[0]!.value;
  const facts = await look(project, host, listBlueprints(host.shelf));
  if (!json) showFacts(await openScreen(1), facts, ourCommand(project, facts));
  return { command: 'inspect', facts };
}
