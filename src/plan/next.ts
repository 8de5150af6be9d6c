import path from 'node:path';
import { parseManifest } from '../edit/json/manifest.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Client, Facts } from '../types/facts.ts';
import type { Step } from '../types/plan.ts';
import { inUse } from './docs.ts';
import { inOrder, known } from './steps.ts';

/** What the person does now, in their own words: variables, install, the host's own way to build and start; then what to know. */
export function nextSteps(
  facts: Facts,
  choice: Choice,
  blueprint: Blueprint,
  { notes, toInstall }: { notes: readonly Step[]; toInstall: boolean },
): Step[] {
  const ofHost = hostOf(facts).nextSteps(facts, choice);
  const { client, entry } = choice;
  const own = client ? aboutClient(facts, client, entry, blueprint) : offerClient(facts, choice);
  const edits = [...besideDrizzle(facts, choice), ...leftOutInProduction(facts, choice)];
  return inOrder(
    {
      set: toSet(facts, choice, blueprint),
      edit: [...edits, ...ofHost.filter(({ kind }) => kind === 'edit')],
      install: toInstall ? [installStep(choice.packageManager.value.install)] : [],
      run: ofHost.filter(({ kind }) => kind === 'run'),
    },
    [
      ...reused(facts, choice, blueprint),
      ...undocumented(facts, choice, blueprint),
      ...own.map(known),
      ...notes,
      ...ofHost.filter(({ kind }) => kind === 'know'),
      ...afterFormer(facts, choice, blueprint),
      ...blueprint.caveats.map(known),
    ],
  );
}

/** The one install that package.json now needs. */
export function installStep(command: readonly string[]): Step {
  return { kind: 'run', command: command.join(' '), text: `install: \`${command.join(' ')}\`` };
}

/** The variables that nothing in the project has a value for yet, each with the file that is loaded. */
function toSet(facts: Facts, { names }: Choice, { variables }: Blueprint): Step[] {
  const { envFile } = facts;
  const fresh = variables.filter(({ name }) => !inUse(facts, names[name]!.value));
  return fresh.map(({ name, purpose }) => {
    const variable = names[name]!.value;
    const text = `put \`${variable}=\` into ${fileInWords(facts)} (not read, not written here): ${purpose}`;
    return { kind: 'set', variable, path: envFile.value, text };
  });
}

/** The env file for people: in a workspace, which folder's; where a script loads it, which script. */
function fileInWords({ envFile, workspace, root }: Facts): string {
  const { value: file, script } = envFile;
  if (script !== null) return `\`${file}\`, which the script \`${script}\` loads`;
  const folder = path.posix.dirname(file);
  const from = workspace ? path.relative(path.resolve(root, workspace.value), root).split(path.sep).join('/') : '.';
  const where = path.posix.join(from, folder);
  return where === '.' ? `your own \`${file}\`` : `your own \`${path.posix.basename(file)}\` in \`${where}\``;
}

/** A variable of the application's is not announced as new: its value may be there, and a second line of it in an env file would win over that. */
function reused(facts: Facts, { names }: Choice, { variables }: Blueprint): Step[] {
  const there = variables.map(({ name }) => names[name]!.value).filter((name) => inUse(facts, name));
  return there.map((variable) => ({
    kind: 'know',
    variable,
    text: `\`${variable}\` is a variable that the application has: see that it is set where ${hostOf(facts).title} runs, too`,
  }));
}

function undocumented(facts: Facts, { names }: Choice, { variables }: Blueprint): Step[] {
  const fresh = variables.map(({ name }) => names[name]!.value).filter((name) => !inUse(facts, name));
  if (fresh.length === 0 || facts.envDocs.some(({ skipped }) => !skipped)) return [];
  const keeps = facts.envDocs.length > 0 ? 'doc that may be edited' : 'template';
  const listed = fresh.map((name) => `\`${name}\``).join(' and ');
  return [known(`the project keeps no env ${keeps}, so nothing documents ${listed} yet`)];
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

/** An entry that is replaced leaves what it had stored, and its packages: whether anything else needs them is not ours to say. */
function afterFormer(facts: Facts, { driver, entry, blueprint }: Choice, { adapter }: Blueprint): Step[] {
  const former = facts.entry?.value;
  if (former?.path !== entry.path || former.marker === blueprint) return [];
  const host = hostOf(facts);
  const { dependencies = {} } = parseManifest(facts.manifest.text);
  const unused = [...former.text.matchAll(/from ['"]([^'"]+)['"]/g)]
    .map((match) => match[1]!)
    .filter((name) => name in dependencies && ![adapter, driver.value.package].includes(name))
    .filter((name) => !name.startsWith(host.runtime));
  return [
    known('what the former db entry had stored stays where it was; nothing is moved'),
    ...unused.map((name) => known(`\`db.ts\` needs \`${name}\` no longer; remove it if nothing else does`)),
  ];
}

/** drizzle-kit push drops what its schema does not have, empty tables without asking (0.31.11, measured). */
function besideDrizzle({ source }: Facts, choice: Choice): Step[] {
  const shared = Object.values(choice.names).map(({ value }) => value);
  const use = source?.uses.find(({ name, by }) => by.startsWith('drizzle-kit') && shared.includes(name));
  if (!use) return [];
  const text = `keep drizzle-kit from Flue's tables: \`tablesFilter: ['!flue_*']\` in \`${use.path}\``;
  return [{ kind: 'edit', path: use.path, text }];
}

/** The server loads the driver at run time, and a production install brings only `dependencies`. */
function leftOutInProduction(facts: Facts, choice: Choice): Step[] {
  const name = choice.driver.value.package;
  const list = facts.packages.find((one) => one.name === name)?.list ?? 'dependencies';
  if (list === 'dependencies') return [];
  const text = `\`${name}\` stands in \`${list}\`: move it to \`dependencies\`, or a production install may leave it out`;
  return [{ kind: 'edit', path: 'package.json', text }];
}
