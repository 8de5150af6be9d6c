import { listBlueprints, otherNames } from '../blueprints/shelf.ts';
import { hosts } from '../knowledge/hosts/index.ts';
import type { Report } from '../output/json.ts';
import { openScreen } from '../output/screen.ts';
import { type Offer, showOffers } from '../output/tables.ts';

/** `flue list`: what can be added. */
export async function list({ json }: { json?: boolean }): Promise<Report> {
  const offers = offered();
  if (!json) showOffers(await openScreen(1), offers);
  const [{ blueprints } = { blueprints: [] }, ...others] = offers;
  return { command: 'list', blueprints, others };
}

/** The shelves, host by host, each blueprint with every other name by which it can be asked for. */
export function offered(): Offer[] {
  return hosts.map(({ title, shelf }) => ({
    host: title,
    blueprints: listBlueprints(shelf).map((one) => ({ ...one, aliases: otherNames(one) })),
  }));
}
