import { withoutFormatting } from '../edit/format.ts';
import type { Driver, Shelved } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Entry, Facts, Found } from '../types/facts.ts';
import { servicesIn, withoutOptional, withServices } from './services.ts';
import { takeMarked } from './shelf.ts';
import {
  clientIn,
  readBack,
  readingOf,
  templateFor,
  withoutClient,
  withoutImport,
  withoutSettings,
} from './template.ts';

/** An entry that a blueprint's template gives: which, and what it was written with. */
export interface Rendering {
  marker: string;
  driver: Found<Driver>;
  /** Canonical name → what the project calls it. */
  names: Record<string, string>;
  client: Choice['client'] | null;
  /** Services that it makes beside those that every entry makes. */
  services: string[];
}

/**
 * The blueprint, driver, names and client of an entry that is as it was written, formatting aside; null for any other.
 */
export async function readRendering(facts: Facts, { path, text: written, marker }: Entry): Promise<Rendering | null> {
  const marked = marker ? takeMarked(marker) : null;
  if (!marked) return null;
  const { line, expression } = readingOf(facts.env.value);
  const services = servicesIn(written, marked.blueprint);
  const whole = withoutImport(withoutSettings(withoutOptional(written, marked.blueprint)), line, expression);
  // An entry that uses the project's own client, as one of the templates for that.
  const theirs = clientIn(whole);
  const text = theirs?.rest ?? whole;
  const file = path.split('/').at(-1)!;
  const found = await fittingDrivers(marked, { file, text, services, ofClient: theirs !== null });
  // The templates for two drivers' clients may be alike: what makes the client, or what is declared, tells which.
  const maker = theirs && facts.clients.find((one) => one.specifier === theirs.client.specifier)?.package;
  const declared = (name: string) => facts.packages.some((one) => one.name === name && one.list !== null);
  const its =
    found.find(({ driver }) => driver.package === maker) ??
    found.find(({ driver }) => declared(driver.package)) ??
    found[0];
  if (!its) return null;
  const because = `\`${path}\` uses it`;
  const client = theirs && { value: theirs.client, because };
  return { marker: marker!, driver: { value: its.driver, because }, names: its.names, client, services };
}

/**
 * A text without what is no template's: its file's name, the services that it makes, whether a client is the project's.
 */
interface Bare {
  file: string;
  text: string;
  services: string[];
  ofClient: boolean;
}

/** The drivers of whose templates a text is made, with the names that it has for the variables. */
async function fittingDrivers(
  { blueprint, templates }: Shelved,
  { file, text, services, ofClient }: Bare,
): Promise<{ driver: Driver; names: Record<string, string> }[]> {
  const variables = blueprint.variables.map(({ name }) => name);
  const candidates = await Promise.all(
    blueprint.drivers.flatMap((driver) => {
      const template = ofClient ? driver.client?.file : driver.file;
      if (!template) return [];
      const one = templateFor(file, withoutClient(withServices(templates[template]!, services)));
      return [one.then((text) => ({ driver, template: text }))];
    }),
  );
  const fits = (template: string | null, bare: string) => template && readBack(template, variables, bare);
  const plain = candidates.map(({ driver, template }) => ({ driver, names: fits(template, text) }));
  // Once more without its formatting: the project's formatter may have been at it.
  const bare = plain.some(({ names }) => names) ? null : await withoutFormatting(file, text);
  const formatted = bare
    ? await Promise.all(
        candidates.map(async ({ driver, template }) => {
          return { driver, names: fits(await withoutFormatting(file, template), bare) };
        }),
      )
    : [];
  return [...plain, ...formatted].flatMap(({ driver, names }) => (names ? [{ driver, names }] : []));
}

/** Below this part of a template's lines, a text under its marker is another text. */
const half = 0.5;

/**
 * Whether an entry is one of the blueprint's templates with edits in it: at least half of the template's lines are
 * still there, formatting aside.
 */
export async function isEdited({ path, text }: Entry, { templates }: Shelved): Promise<boolean> {
  const file = path.split('/').at(-1)!;
  const linesOf = async (code: string) => linesIn((await withoutFormatting(file, code)) ?? code);
  const there = new Set(await linesOf(text));
  for (const template of Object.values(templates)) {
    const lines = await linesOf(await templateFor(file, template));
    if (lines.filter((line) => there.has(line)).length >= lines.length * half) return true;
  }
  return false;
}

/** Lines that say something; the marker does not count. */
function linesIn(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => /\w{3}/.test(line) && !line.startsWith('// flue-blueprint:'));
}
