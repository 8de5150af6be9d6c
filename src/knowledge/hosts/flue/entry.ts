import path from 'node:path';
import { takeScaffold } from '../../../blueprints/shelf.ts';
import { formatCode } from '../../../edit/format.ts';
import type { Choice, Removal } from '../../../types/choice.ts';
import type { Facts, Found } from '../../../types/facts.ts';
import type { Step, Write } from '../../../types/plan.ts';
import { deleteEntry, putFormerBack, writeEntry } from '../entry-file.ts';
import type { Reverted } from '../index.ts';
import { detailsOf, otherName } from './details.ts';

/** It brings a parser, which only a db entry of another name needs. */
const dbOption = () => import('./db-option.ts');

/**
 * A db entry beside the application's own `db.ts`: at 2.x the config can name it. Null where it is an adapter of Flue's
 * after all, where the option may be taken or the edit does not prove, where that name is taken, and where Cloudflare
 * is built by the same config, which a named db entry would break.
 */
export async function elsewhere(facts: Facts): Promise<Found<string> | null> {
  const { entry, place, line, sourceRoot, target } = facts;
  const { config, configured, inlineEntry, otherTaken } = detailsOf(facts);
  if (line !== '2.x' || !entry || place.option || inlineEntry || otherTaken) return null;
  if (entry.value.marker || /['"]@flue\//.test(entry.value.text)) return null;
  if (target.builds.some(({ value }) => value !== 'node') || (configured && !config)) return null;
  const extension = path.posix.extname(entry.value.path);
  const value = sourceRoot.value === '.' ? otherName + extension : `${sourceRoot.value}/${otherName}${extension}`;
  if (config && 'refused' in (await (await dbOption()).withDbOption(config.text, named(facts, value)))) return null;
  return {
    value,
    because: `\`${entry.value.path}\` stays the application's own, and \`db\` in the config names this one`,
  };
}

/** The db entry, and where another name was chosen the option by which Flue finds it. */
export async function flueEntry(facts: Facts, choice: Choice, text: string): Promise<Write[]> {
  const writes = await writeEntry(facts, choice, text);
  return choice.entry.elsewhere ? [...writes, await nameEntry(facts, choice.entry.path)] : writes;
}

async function nameEntry(facts: Facts, entry: string): Promise<Write> {
  const { config } = detailsOf(facts);
  const { configNaming, withDbOption } = await dbOption();
  const because = `\`db\` tells Flue where its db entry is, beside \`${facts.entry!.value.path}\``;
  if (!config) {
    const file = inRoot(facts, `flue.config.${facts.language.value === 'typescript' ? 'ts' : 'mjs'}`);
    return {
      kind: 'write',
      path: file,
      before: null,
      after: await styled(facts, file, configNaming(named(facts, entry))),
      because,
    };
  }
  const edited = await withDbOption(config.text, named(facts, entry));
  if ('refused' in edited)
    throw new Error(`the edit of ${config.path} was proven when it was offered: ${edited.refused}`);
  return { kind: 'write', path: config.path, before: config.text, after: edited.text, because };
}

/** Back to what was there before the db entry: the project's own, what `flue init` wrote, or nothing. */
export async function revertEntry(facts: Facts, removal: Removal, importers: readonly string[]): Promise<Reverted> {
  const { entry } = removal;
  if (facts.former) {
    const text = `\`${entry.path}\` is again what it was; whether its packages are still there is for you to see`;
    return { writes: putFormerBack(removal, facts.former), steps: [{ kind: 'know', path: entry.path, text }] };
  }
  const starter = await starterFor(facts, entry.path);
  if (starter !== null) {
    const because = '`flue init` began this project: its embedded default again';
    return { writes: [{ kind: 'write', path: entry.path, before: entry.text, after: starter, because }], steps: [] };
  }
  const option = await withoutName(facts, entry.path);
  // A source root that is found by its name was there before the db entry.
  const standing = /(?:^|\/)(?:\.flue|src)$/.test(facts.sourceRoot.value) ? [facts.sourceRoot.value] : [];
  const gone = deleteEntry(removal, importers, standing);
  return { writes: [gone, ...option], steps: afterwards(facts, option.length > 0) };
}

function afterwards(facts: Facts, unnamed: boolean): Step[] {
  const { place } = facts;
  const embedded = '`flue-db add sqlite` keeps it in a file on one host';
  const memory = `without a db entry Flue keeps its state in memory, and forgets it at every restart; ${embedded}`;
  const option = `${place.because} points to it still: take that out, or Flue stops there`;
  return [
    ...(place.option && !unnamed ? [{ kind: 'edit', text: option } as const] : []),
    { kind: 'know', text: memory },
  ];
}

/**
 * The option that named the db entry beside the application's, taken out of the config; nothing where the project says
 * it for a reason of its own.
 */
async function withoutName(facts: Facts, entry: string): Promise<Write[]> {
  const { config, besides } = detailsOf(facts);
  if (!facts.place.option || !config || !besides || !path.posix.basename(entry).startsWith(`${otherName}.`)) return [];
  const { configNaming, withoutDbOption } = await dbOption();
  const because = `nothing is left for \`db\` to name; \`${besides}\` is the application's own`;
  const before = config.text;
  const whole = await styled(facts, config.path, configNaming(named(facts, entry)));
  const after = before === whole ? null : await withoutDbOption(before, named(facts, entry));
  if (after === null && before !== whole) return [];
  return [{ kind: 'write', path: config.path, before, after, because }];
}

/**
 * What `flue init` wrote, in the project's style; null where it did not begin the project, or the place is not the one
 * it writes to.
 */
async function starterFor(facts: Facts, entry: string): Promise<string | null> {
  const itsPlace = facts.line === '2.x' && /(?:^|\/)db\.ts$/.test(entry) && !facts.place.option;
  return itsPlace && detailsOf(facts).fromInit ? styled(facts, 'db.ts', takeScaffold()) : null;
}

async function styled({ formatter }: Facts, file: string, text: string): Promise<string> {
  const { style, eol } = formatter.value;
  return (style ? await formatCode(file, text, style) : text).replaceAll('\n', eol);
}

function inRoot({ hostRoot }: Facts, name: string): string {
  return hostRoot.value === '.' ? name : `${hostRoot.value}/${name}`;
}

/** The db entry as the config names it, seen from the root. */
function named({ hostRoot }: Facts, entry: string): string {
  return `./${path.posix.relative(hostRoot.value, entry)}`;
}
