import path from 'node:path';
import { familyNamed } from '../knowledge/engines/family.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { ownerNamed } from '../knowledge/schema-owners/index.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Step } from '../types/plan.ts';
import type { Client, Owner } from '../types/source.ts';
import { inUse } from './docs.ts';
import { afterFormer } from './former.ts';
import { note, orderedSteps } from './steps.ts';

/**
 * What the person does now, in their own words: variables, install, the host's own way to build and start; then what to
 * know.
 */
export function nextSteps(
  facts: Facts,
  choice: Choice,
  blueprint: Blueprint,
  { notes, edits, toInstall }: Record<'notes' | 'edits' | 'toInstall', readonly Step[]>,
): Step[] {
  const ofHost = hostOf(facts).nextSteps(facts, choice);
  const set = toSet(facts, choice, blueprint);
  const { client, entry } = choice;
  const own = client ? aboutClient(facts, client, entry, blueprint) : offerClient(facts, choice);
  return orderedSteps(
    {
      set,
      edit: [
        ...adviceOfOwners(facts, choice),
        ...edits,
        ...leftOutInProduction(facts, choice),
        ...ofHost.filter(({ kind }) => kind === 'edit'),
      ],
      install: [...toInstall],
      run: ofHost.filter(({ kind }) => kind === 'run'),
    },
    [
      ...committed(facts, set),
      ...reused(facts, choice, blueprint),
      ...undocumented(facts, choice, blueprint),
      ...severalOwners(facts, choice, blueprint),
      ...own.map(note),
      ...notes,
      ...ofHost.filter(({ kind }) => kind === 'know'),
      ...afterFormer(facts, choice, blueprint),
      ...caveatsOfServices(choice, blueprint).map(note),
      ...blueprint.caveats.map(note),
    ],
  );
}

/** What has to be known of the services that were chosen. */
function caveatsOfServices({ services }: Choice, blueprint: Blueprint): string[] {
  const chosen = blueprint.services?.filter(({ name }) => services?.value.includes(name)) ?? [];
  return chosen.flatMap(({ caveats = [] }) => caveats);
}

/** The variables that no code of the project reads yet, each with the file that is loaded. */
function toSet(facts: Facts, { names }: Choice, { variables }: Blueprint): Step[] {
  const { envFile } = facts;
  const fresh = variables.filter(({ name }) => !inUse(facts, names[name]!.value));
  return fresh.map(({ name, purpose }) => {
    const variable = names[name]!.value;
    const place = `${fileInWords(facts)} (not read, not written here)`;
    const doc = docWith(facts, variable);
    const text = doc
      ? `see that \`${variable}\` has a value in ${place}, as \`${doc}\` lists it already: ${purpose}`
      : `put \`${variable}=\` into ${place}: ${purpose}`;
    return { kind: 'set', variable, path: envFile.value, text };
  });
}

/** The doc from which people may have the variable: a second line of it would win over the value that they gave it. */
function docWith({ envDocs }: Facts, variable: string): string | null {
  return envDocs.find(({ variables }) => variables.some(({ name, live }) => live && name === variable))?.path ?? null;
}

/** What is put into a file that git tracks goes to everybody who has the repository. */
function committed({ envFile: { value: file, committed: isCommitted } }: Facts, set: readonly Step[]): Step[] {
  if (!isCommitted || set.length === 0) return [];
  const text = `\`${file}\` is committed: a value that is a secret belongs where git does not keep it`;
  return [{ kind: 'know', path: file, text }];
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

/**
 * A variable of the application's is not announced as new: its value may be there, and a second line of it in an env
 * file would win over that.
 */
function reused(facts: Facts, { names }: Choice, { variables }: Blueprint): Step[] {
  const there = variables.map(({ name }) => names[name]!.value).filter((name) => inUse(facts, name));
  return there.map((variable) => ({
    kind: 'know',
    variable,
    text:
      `\`${variable}\` is a variable that the application has: ` +
      `see that it is set where ${hostOf(facts).title} runs, too`,
  }));
}

function undocumented(facts: Facts, { names }: Choice, { variables }: Blueprint): Step[] {
  const fresh = variables.map(({ name }) => names[name]!.value).filter((name) => !inUse(facts, name));
  if (fresh.length === 0 || facts.envDocs.some(({ leftAlone }) => !leftAlone)) return [];
  const keeps = facts.envDocs.length > 0 ? 'doc that may be edited' : 'template';
  const listed = fresh.map((name) => `\`${name}\``).join(' and ');
  return [note(`the project keeps no env ${keeps}, so nothing documents ${listed} yet`)];
}

/**
 * A client of the project's own that `db.ts` could use instead of making one, with nothing that speaks against it; else
 * null.
 */
export function offeredClient(facts: Facts, choice: Choice): Client | null {
  if (choice.client) return null;
  const fits = (one: Client) =>
    one.package === choice.driver.value.package &&
    one.sideEffectFree &&
    one.optionsKnown &&
    !one.unfit &&
    mayShare(facts, choice, one);
  return facts.clients.find(fits) ?? null;
}

/** Where `db.ts` makes a client of its own, the offer to use one that the project makes. */
function offerClient(facts: Facts, choice: Choice): string[] {
  const { entry } = choice;
  const one = offeredClient(facts, choice);
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
  const host = hostOf(facts);
  const { specifier, export: exported } = client.value;
  const asked = facts.clients.find((one) => one.specifier === specifier && one.export === exported);
  const where = asked?.path ?? specifier;
  return [
    `\`${fileOf(entry)}\` uses \`${exported}\` of \`${where}\` and leaves it open: ` +
      'it needs what that module needs, ' +
      `and ${host.title}'s ${familyNamed(blueprint.family).holds} stand where it points`,
    ...(asked?.risks ?? []).map((risk) => `\`${where}\`: ${risk}`),
    ...(asked && !asked.optionsKnown
      ? [`what \`${where}\` makes it with is not all written out there, so not all of it was looked at`]
      : []),
    ...(asked?.notes ?? []).map((note) => `\`${exported}\` of \`${where}\`: ${note}`),
    ...(asked && !asked.sideEffectFree
      ? [`importing \`${where}\` does more than make that client, whenever ${host.title} starts`]
      : []),
    ...owners(facts, blueprint),
  ];
}

/**
 * It is the connection that was chosen, and not one kept apart because sharing is a danger; but what code composes, its
 * client knows best.
 */
function mayShare(facts: Facts, { names }: Choice, { variables }: Client): boolean {
  const { source } = facts;
  const [connection = ''] = Object.values(names).map(({ value }) => value);
  const composed = source?.uses.some(
    ({ consumer, name }) => consumer.kind === 'composition' && variables.includes(name),
  );
  const separate = connection.startsWith(hostOf(facts).prefix);
  return composed || (variables.length === 0 && !separate) || variables.includes(connection);
}

/** Tools that own a database of that kind: it may be the one the client points at. */
function owners(facts: Facts, { engine, family }: Blueprint): string[] {
  const { source } = facts;
  const owner = source?.owners.find(
    (one) => one.pushes && (one.engine === engine || (one.engine === null && familyNamed(family).isSql)),
  );
  if (!owner) return [];
  const title = ownerNamed(owner.tool)?.title ?? owner.tool;
  return [
    `\`${owner.path}\` lets ${title} own a database: keep it from ${hostOf(facts).title}'s tables if it is this one`,
  ];
}

/**
 * How each tool that manages the schema of the database that is shared is kept from the host's tables, where it has a
 * setting for that.
 */
function adviceOfOwners(facts: Facts, choice: Choice): Step[] {
  const { title, tables } = hostOf(facts);
  const advised = ownersOfShared(facts, choice).flatMap(({ tool, path: file }) => {
    const advice = ownerNamed(tool)?.advice?.(tables);
    return advice ? [{ tool, file, text: `keep ${tool} from ${title}'s tables: ${advice} in \`${file}\`` }] : [];
  });
  return advised
    .filter(({ text }, index) => advised.findIndex((one) => one.text === text) === index)
    .map(({ file, text }) => ({ kind: 'edit', path: file, text }));
}

/** Where several tools manage the schema of the database that is shared: what the host's tables are called there. */
function severalOwners(facts: Facts, choice: Choice, { family }: Blueprint): Step[] {
  const { title, tables } = hostOf(facts);
  const tools = [...new Set(ownersOfShared(facts, choice).map(({ tool }) => tool))];
  if (tools.length < 2) return [];
  const many = `${tools.length} tools manage a schema here (${tools.join(', ')})`;
  return [note(`${many}; ${title}'s ${familyNamed(family).holds} are \`${tables}\``)];
}

function ownersOfShared({ source }: Facts, { names }: Choice): Owner[] {
  const shared = Object.values(names).map(({ value }) => value);
  return source?.owners.filter(({ variables }) => variables.some((name) => shared.includes(name))) ?? [];
}

/** The server loads the driver at run time, and a production install brings only `dependencies`. */
function leftOutInProduction(facts: Facts, choice: Choice): Step[] {
  const name = choice.driver.value.package;
  const list = facts.packages.find((one) => one.name === name)?.list ?? 'dependencies';
  if (list === 'dependencies') return [];
  const otherwise = 'a production install may leave it out';
  const text = `\`${name}\` stands in \`${list}\`: move it to \`dependencies\`, or ${otherwise}`;
  return [{ kind: 'edit', path: 'package.json', text }];
}
