import { templateOf } from '../blueprints/template.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { Problem } from '../problem.ts';
import type { Driver, Shelved } from '../types/blueprint.ts';
import type { Choice, Request } from '../types/choice.ts';
import type { Facts, Found } from '../types/facts.ts';
import type { Client } from '../types/source.ts';

/**
 * The project's own client that `db.ts` will use: the one asked for, or the one it uses already; null where it makes
 * its own. Raises `unsupported-driver` for one that cannot carry Flue's state, and `bad-request` where another driver
 * is asked for.
 */
export function chooseClient(
  facts: Facts,
  request: Request,
  existing: Choice['client'] | null,
): Found<Client> | NonNullable<Choice['client']> | null {
  if (!request.client) return request.driver ? null : (existing ?? null);
  const client = facts.clients[0]!;
  if (request.driver && request.driver !== client.package) {
    const why =
      `\`--client ${request.client}\` is a client of \`${client.package}\`, ` +
      `and \`--driver\` says \`${request.driver}\``;
    throw new Problem('bad-request', why, 'leave out one of the two');
  }
  const { title, entryFile } = hostOf(facts);
  if (client.unfit) {
    throw new Problem(
      'unsupported-driver',
      `\`${client.path}#${client.export}\` cannot carry ${title}'s state: ${client.unfit}`,
      `leave out \`--client\`: \`${entryFile}\` then makes a client of its own`,
    );
  }
  return { value: client, because: '--client' };
}

/**
 * Whether `db.ts` reads a variable of the blueprint: with the project's own client, it may be that its template needs
 * it no longer.
 */
export function readsVariable(
  { templates }: Shelved,
  driver: Driver,
  client: object | null,
): (name: string) => boolean {
  const text = templates[templateOf(driver, client)]!;
  return (name) => new RegExp(`process\\.env\\.${name}\\b`).test(text);
}
