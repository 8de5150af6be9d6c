import { parseManifest } from '../edit/json/manifest.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Client, Facts } from '../types/facts.ts';
import { installByHand } from './install.ts';

/** What the person does now, in their own words: variables, install, build and start for their Flue line, and what to know. */
export function nextSteps(
  facts: Facts,
  choice: Choice,
  blueprint: Blueprint,
  notes: readonly string[],
  toInstall: boolean,
): string[] {
  const { exec } = choice.packageManager.value;
  const beta = /^1\./.test(choice.adapterVersion.value);
  const yours = facts.envFile
    ? `\`${facts.envFile.value}\`, which ${facts.envFile.because.replace(' loads it', ' loads')}`
    : `your own \`.env\``;
  const lines = blueprint.variables.map(
    ({ name, purpose }) =>
      `put \`${choice.names[name]!.value}=\` into ${yours} (not read, not written here): ${purpose}`,
  );
  if (facts.envDocs.every(({ skipped }) => skipped) && lines.length > 0)
    lines.push(
      `the project keeps no env ${facts.envDocs.length > 0 ? 'doc that may be edited' : 'template'}, so nothing documents ${listNames(choice)} yet`,
    );
  const { client, entry } = choice;
  lines.push(...(client ? aboutClient(facts, client, entry, blueprint) : offerClient(facts, choice)), ...notes);
  lines.push(...besideDrizzle(facts, choice), ...leftOutInProduction(facts, choice));
  if (toInstall) lines.push(installByHand(choice.packageManager.value));
  lines.push(...(beta ? betaSteps(exec) : twoSteps(facts, exec)));
  if (facts.adapter) {
    lines.push('what the former db entry had stored stays where it was; nothing is moved');
    lines.push(...unused(facts, choice, blueprint));
  }
  return [...lines, ...blueprint.caveats];
}

const stored = { sql: 'tables', redis: 'keys', mongo: 'collections' };

/** Where `db.ts` makes a client of its own, the offer to use one that the project makes. */
function offerClient(facts: Facts, choice: Choice): string[] {
  const { driver, entry } = choice;
  const one = facts.clients.find(
    (other) =>
      other.package === driver.value.package &&
      other.alone &&
      other.seen &&
      !other.unfit &&
      mayShare(facts, choice, other),
  );
  if (!one) return [];
  const cost = one.risks.map((risk) => `; ${risk}`).join('');
  const flag = `\`--client ${one.path}#${one.export}\``;
  return [
    `\`${fileOf(entry)}\` makes a client of its own; ${flag} has it use yours instead, and never close it${cost}`,
  ];
}

function fileOf({ path }: Choice['entry']): string {
  return path.split('/').at(-1)!;
}

/** What using the project's own client means. */
function aboutClient(
  facts: Facts,
  client: NonNullable<Choice['client']>,
  entry: Choice['entry'],
  blueprint: Blueprint,
): string[] {
  const { specifier, export: exported } = client.value;
  const asked = facts.clients.find((one) => one.specifier === specifier && one.export === exported);
  const where = asked?.path ?? specifier;
  return [
    `\`${fileOf(entry)}\` uses \`${exported}\` of \`${where}\` and leaves it open: it needs what that module needs, and Flue's ${stored[blueprint.family]} stand where it points`,
    ...(asked?.risks ?? []).map((risk) => `\`${where}\`: ${risk}`),
    ...(asked && !asked.seen
      ? [`what \`${where}\` makes it with is not all written out there, so not all of it was looked at`]
      : []),
    ...(asked?.notes ?? []).map((note) => `\`${exported}\` of \`${where}\`: ${note}`),
    ...(asked && !asked.alone ? [`importing \`${where}\` does more than make that client, whenever Flue starts`] : []),
    ...owners(facts, blueprint),
  ];
}

/** It is the connection that was chosen, and not one kept apart because sharing is a danger; but what code composes, its client knows best. */
function mayShare({ source }: Facts, { names }: Choice, { variables }: Client): boolean {
  const [connection = ''] = Object.values(names).map(({ value }) => value);
  const composed = source?.uses.some(({ by, name }) => by === 'a composition' && variables.includes(name));
  const apart = connection.startsWith('FLUE_');
  return composed || (variables.length === 0 && !apart) || variables.includes(connection);
}

/** Tools that own a database of that kind: it may be the one the client points at. */
function owners({ source }: Facts, { engine, family }: Blueprint): string[] {
  const owner = source?.owners.find((one) => one.engine === engine || (one.engine === null && family === 'sql'));
  return owner
    ? [`\`${owner.path}\` lets ${owner.by} own a database: keep it from Flue's tables if it is this one`]
    : [];
}

/** A db entry that is replaced leaves its packages behind: whether anything else needs them is not ours to say. */
function unused(facts: Facts, { driver }: Choice, { adapter }: Blueprint): string[] {
  const former = facts.files[facts.adapter!.value.path] ?? '';
  const { dependencies = {} } = parseManifest(facts.files['package.json'] ?? '{}');
  return [...former.matchAll(/from ['"]([^'"]+)['"]/g)]
    .map((match) => match[1]!)
    .filter((name) => name in dependencies && ![adapter, driver.value.package].includes(name))
    .filter((name) => !name.startsWith('@flue/runtime'))
    .map((name) => `\`db.ts\` needs \`${name}\` no longer; remove it if nothing else does`);
}

/** drizzle-kit push drops what its schema does not have, empty tables without asking (0.31.11, measured). */
function besideDrizzle({ source }: Facts, choice: Choice): string[] {
  const shared = Object.values(choice.names).map(({ value }) => value);
  const use = source?.uses.find(({ name, by }) => by.startsWith('drizzle-kit') && shared.includes(name));
  if (!use) return [];
  return [`keep drizzle-kit from Flue's tables: \`tablesFilter: ['!flue_*']\` in \`${use.path}\``];
}

/** The server loads the driver at run time, and a production install brings only `dependencies`. */
function leftOutInProduction(facts: Facts, choice: Choice): string[] {
  const name = choice.driver.value.package;
  const list = facts.packages.find((one) => one.name === name)?.list ?? 'dependencies';
  if (list === 'dependencies') return [];
  return [`\`${name}\` stands in \`${list}\`: move it to \`dependencies\`, or a production install may leave it out`];
}

function listNames(choice: Choice): string {
  return Object.values(choice.names)
    .map(({ value }) => `\`${value}\``)
    .join(' and ');
}

function betaSteps(exec: string): string[] {
  return [
    `develop: \`${exec} flue dev\`, which loads \`.env\``,
    `build and start: \`${exec} flue build\`, then \`node --env-file=.env dist/server.mjs\``,
  ];
}

function twoSteps(facts: Facts, exec: string): string[] {
  const { value: root } = facts.sourceRoot;
  const extension = facts.language.value === 'typescript' ? 'ts' : 'js';
  const agent = `${root === '.' ? '' : `${root}/`}agents/<name>.${extension}`;
  const builds = facts.files['package.json']?.includes('"@flue/vite"');
  return [
    `try it: \`${exec} flue run ${agent} -m hi --id first\`, which loads \`.env\``,
    ...(builds ? [`build and start: \`${exec} vite build\`, then \`node --env-file=.env dist/server.mjs\``] : []),
  ];
}
