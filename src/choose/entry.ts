import { isEdited, type Rendering, readRendering } from '../blueprints/recognise.ts';
import { markerOf, takeMarked } from '../blueprints/shelf.ts';
import { isMember } from '../knowledge/engines/family.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { Problem } from '../problem.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Answer, Choice, EntryChoice, Outcome, Question, Request } from '../types/choice.ts';
import type { Entry, Facts, Found } from '../types/facts.ts';

/** What the entry that is there tells: whose it is, and for one of ours the driver and names it was written with. */
export interface Existing extends Partial<Pick<Rendering, 'driver' | 'names' | 'client' | 'services'>> {
  entry: EntryChoice;
  /** Variables of another database, which this entry of ours read until now. */
  freed?: readonly string[];
}

/**
 * What becomes of the entry. None: a new file. Ours and unchanged: rendered anew. Ours and edited: kept. What the
 * host's starter put there: replaced. Anything else is a question that `--on-existing` answers, and keeping it is a
 * refusal. The first line does not say whose it is: what stands below must be a template's text, or mostly so.
 */
export async function chooseEntry(facts: Facts, shelved: Shelved, request: Request): Promise<Outcome<Existing>> {
  const { place } = facts;
  if (!facts.entry) {
    refuseToHide(facts);
    return { choice: { entry: { value: 'write', path: place.value, because: place.because } } };
  }
  const { value: entry } = facts.entry;
  const { handedOut } = entry;
  if (handedOut?.kind === 'starter') {
    const replaced = overwrite(entry, handedOut.because);
    return { choice: { entry: handedOut.verbatim ? replaced : { ...replaced, former: true } } };
  }
  const ours = await readRendering(facts, entry);
  if (ours) return { choice: renderAnew(entry, ours, shelved) };
  if (request.onExisting === 'replace')
    return { choice: { entry: { ...overwrite(entry, '--on-existing replace'), former: true } } };
  const other = await hostOf(facts).elsewhere(facts);
  if (request.onExisting === 'elsewhere') return { choice: { entry: besides(entry, other) } };
  const marked = entry.marker === null ? null : takeMarked(entry.marker);
  const edited = marked !== null && handedOut === null && (await isEdited(entry, marked));
  const asksForMore = (request.driver ?? request.client) !== undefined || Object.keys(request.names).length > 0;
  if (edited && entry.marker === markerOf(shelved.blueprint) && request.onExisting === undefined && !asksForMore)
    return { choice: readEdited(shelved, entry) };
  if (request.onExisting === undefined) return { question: askAbout(entry, edited, other) };
  const kept = `\`${entry.path}\` is kept, as \`--on-existing keep\` says, so there is nothing to add`;
  throw new Problem('adapter-exists', kept, '`--on-existing replace` writes ours instead');
}

function overwrite({ path }: Entry, because: string): EntryChoice {
  return { value: 'write', path, because };
}

/** Ours and unchanged. */
function renderAnew(entry: Entry, ours: Rendering, shelved: Shelved): Existing {
  const same = ours.marker === markerOf(shelved.blueprint);
  const because = same ? 'it is ours, unchanged' : `it is ${ours.marker}, unchanged`;
  return { ...carriedOver(ours, shelved), entry: overwrite(entry, because) };
}

/**
 * What an entry was written with, for its own blueprint or another version of it: a driver that this one has no
 * template for does not go on. Of another blueprint nothing does, and its names are free.
 */
function carriedOver(ours: Rendering, { blueprint }: Shelved): Omit<Existing, 'entry'> {
  const nameOf = (marker: string) => marker.split('@')[0];
  const { names, services, driver, client } = ours;
  if (nameOf(ours.marker) !== nameOf(markerOf(blueprint))) return { freed: Object.values(names) };
  const known = blueprint.drivers.some((one) => one.package === driver.value.package);
  return known ? { names, services, driver, client } : { names, services };
}

/** Ours beside the one that is there. Raises `adapter-exists` where the host cannot be told of it. */
function besides(entry: Entry, other: Found<string> | null): EntryChoice {
  if (other) return { value: 'write', path: other.value, because: other.because, elsewhere: true };
  const why =
    `\`--on-existing elsewhere\`: another file than \`${entry.path}\` ` +
    `cannot be named in this project's config without a doubt`;
  throw new Problem('adapter-exists', why, '`--on-existing replace` writes ours instead');
}

/** A new file that would take the place of another module breaks what imports that. */
function refuseToHide({ hidden, place }: Facts): void {
  if (!hidden) return;
  const { value: file, because } = hidden;
  const why = `\`${place.value}\` would hide \`${file}\`: ${because}, and a file of that name is found first`;
  throw new Problem('adapter-exists', why, 'import it with `/index` behind its name, and run this again');
}

function askAbout(entry: Entry, edited: boolean, other: Found<string> | null): Question {
  const { path, handedOut } = entry;
  const answers: Answer[] = [
    { value: 'keep', label: 'keep it and add nothing' },
    {
      value: 'replace',
      label: 'replace it; the old text is shown in the plan',
      ...(handedOut !== null && { recommended: true }),
    },
    ...(other ? [{ value: 'elsewhere', label: `keep it and write \`${other.value}\`; ${other.because}` }] : []),
  ];
  const instead = other ? `, \`--on-existing elsewhere\` writes \`${other.value}\` beside it` : '';
  return {
    flag: '--on-existing',
    ask: `\`${path}\` is already there. Replace it?`,
    answers,
    because: `\`${path}\` is already there, and ${originOf(entry, edited)}`,
    refusal: {
      code: 'adapter-exists',
      hint: `\`--on-existing replace\` writes ours instead${instead}; keeping it means there is nothing to add`,
    },
  };
}

/** Where the entry that is there came from, in words. */
function originOf({ marker, handedOut }: Entry, edited: boolean): string {
  if (handedOut !== null) return `${handedOut.because}, and ${handedOut.faults.join('; ')}`;
  if (edited) return `it was made from ${marker} and edited since`;
  return marker
    ? `it is not one of ours: its first line says ${marker}, and below it stands another text`
    : 'it is not one of ours';
}

/** What an edited entry of ours still tells of its driver and its variables. */
function readEdited({ blueprint }: Shelved, { path, text }: Entry): Existing {
  const driver =
    blueprint.drivers.find((one) => new RegExp(`from\\s+(['"])${one.package}\\1`).test(text)) ?? blueprint.drivers[0]!;
  const read = [...text.matchAll(/process\.env(?:\.|\[['"])(\w+)/g)]
    .map((match) => match[1]!)
    .filter((name) => isMember(blueprint.family, name));
  const names = Object.fromEntries(
    blueprint.variables.map(({ name }, i) => [name, read.includes(name) ? name : (read[i] ?? name)]),
  );
  const entry: Choice['entry'] = { value: 'keep', path, because: 'it was made from this blueprint and edited since' };
  return { entry, driver: { value: driver, because: `\`${path}\` uses it` }, names };
}
