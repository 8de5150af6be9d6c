import { markerOf, takeMarked, takeScaffold } from '../blueprints/shelf.ts';
import {
  clientIn,
  readBack,
  readingOf,
  templateFor,
  withoutClient,
  withoutImport,
  withoutSettings,
} from '../blueprints/template.ts';
import { withoutFormatting } from '../edit/format.ts';

import { isMember } from '../knowledge/engines/family.ts';
import { Problem } from '../problem.ts';
import type { Driver, Shelved } from '../types/blueprint.ts';
import type { Choice, Question, Request } from '../types/choice.ts';
import type { Adapter, Facts, Found } from '../types/facts.ts';
import { declared } from './driver.ts';

/** What the db entry that is there tells: whose it is, and for one of ours the driver and names it was written with. */
export interface Existing {
  entry: Choice['entry'];
  driver: Found<Driver> | null;
  names: Record<string, string> | null;
  client: Choice['client'] | null;
}

/**
 * What becomes of the db entry. None: a new file. Ours and unchanged: rendered anew. Ours and edited: kept. What
 * `flue init` put there: replaced. Anything else is a question that `--on-existing` answers, and keeping it is a refusal.
 */
export async function chooseEntry(facts: Facts, shelved: Shelved, request: Request): Promise<Existing | Question> {
  const fresh = { driver: null, names: null, client: null };
  if (!facts.adapter) {
    const extension = facts.language.value === 'typescript' ? 'ts' : 'js';
    const { value: root } = facts.sourceRoot;
    const { entryOption } = facts;
    const path = entryOption?.value ?? `${root === '.' ? '' : `${root}/`}db.${extension}`;
    refuseToHide(facts, path);
    return {
      entry: {
        value: 'write',
        path,
        because: entryOption?.because ?? `the source root has no db entry (${facts.sourceRoot.because})`,
      },
      ...fresh,
    };
  }
  const { value: adapter } = facts.adapter;
  const write = (because: string) => ({ value: 'write' as const, path: adapter.path, because });
  if (adapter.scaffold) {
    const entry = write('it is the embedded default, as `flue init` writes it');
    return { entry: isPlain(facts.files[adapter.path] ?? '') ? entry : { ...entry, former: true }, ...fresh };
  }
  const ours = await readOurs(facts, adapter);
  if (ours) {
    const same = ours.marker === markerOf(shelved.blueprint);
    return same
      ? { ...ours, entry: write('it is ours, unchanged') }
      : { entry: write(`it is ${ours.marker}, unchanged`), ...fresh };
  }
  if (request.onExisting === 'replace') return { entry: { ...write('--on-existing replace'), former: true }, ...fresh };
  const asksForMore = (request.driver ?? request.client) !== undefined || Object.keys(request.names).length > 0;
  const keeps = request.onExisting !== 'keep' && !asksForMore;
  if (adapter.marker === markerOf(shelved.blueprint) && keeps) return edited(facts, shelved, adapter);
  const question = askAbout(adapter);
  if (request.onExisting !== 'keep') return question;
  const kept = `\`${adapter.path}\` is kept, as \`--on-existing keep\` says, so there is nothing to add`;
  throw new Problem('adapter-exists', kept, '`--on-existing replace` writes ours instead');
}

/** Whether every comment in what `flue init` wrote is still its own: then nothing of the project's is in it. */
function isPlain(text: string): boolean {
  const comments = (one: string) => (one.match(/\/\/.*|\/\*[\s\S]*?\*\//g) ?? []).map((comment) => comment.trim());
  const own = comments(takeScaffold());
  return comments(text).every((one) => own.includes(one));
}

/** A new file that would take the place of another module breaks what imports that. */
function refuseToHide({ hidden }: Facts, path: string): void {
  if (!hidden) return;
  const why = `\`${path}\` would hide \`${hidden.value}\`: ${hidden.because}, and a file of that name is found first`;
  throw new Problem('adapter-exists', why, 'import it with `/index` behind its name, and run this again');
}

function askAbout(adapter: Adapter): Question {
  const whose = adapter.marker ? `it was made from ${adapter.marker} and edited since` : 'it is not one of ours';
  return {
    flag: '--on-existing',
    ask: `\`${adapter.path}\` is already there. Replace it?`,
    answers: [
      { value: 'keep', label: 'keep it and add nothing' },
      { value: 'replace', label: 'replace it; the old text is shown in the plan' },
    ],
    because: `\`${adapter.path}\` is already there, and ${whose}`,
    refusal: {
      code: 'adapter-exists',
      hint: '`--on-existing replace` writes ours instead; keeping it means there is nothing to add',
    },
  };
}

interface Ours extends Omit<Existing, 'entry'> {
  marker: string;
}

/** The blueprint, driver, names and client of a db entry of ours that is as it was written, formatting aside; null for any other. */
export async function readOurs(facts: Facts, adapter: Adapter): Promise<Ours | null> {
  const marked = adapter.marker ? takeMarked(adapter.marker) : null;
  if (!marked) return null;
  const { line, expression } = readingOf(facts.env.value);
  const whole = withoutImport(withoutSettings(facts.files[adapter.path] ?? ''), line, expression);
  // A db entry that uses the project's own client, as one of the templates for that.
  const theirs = clientIn(whole);
  const text = theirs?.rest ?? whole;
  const file = adapter.path.split('/').at(-1)!;
  const variables = marked.blueprint.variables.map(({ name }) => name);
  const candidates = await Promise.all(
    marked.blueprint.drivers.flatMap((driver) => {
      const template = theirs ? driver.client?.file : driver.file;
      if (!template) return [];
      const one = templateFor(file, withoutClient(marked.templates[template]!));
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
  const found = [...plain, ...formatted].flatMap(({ driver, names }) => (names ? [{ driver, names }] : []));
  // The templates for two drivers' clients may be alike: what makes the client, or what is declared, tells which.
  const made = theirs && facts.clients.find((one) => one.specifier === theirs.client.specifier)?.package;
  const ours =
    found.find(({ driver }) => driver.package === made) ??
    found.find(({ driver }) => declared(facts, driver.package)) ??
    found[0];
  if (!ours) return null;
  const because = `\`${adapter.path}\` uses it`;
  const client = theirs && { value: theirs.client, because };
  return { marker: adapter.marker!, driver: { value: ours.driver, because }, names: ours.names, client };
}

function edited(facts: Facts, { blueprint }: Shelved, adapter: Adapter): Existing {
  const text = facts.files[adapter.path] ?? '';
  const driver =
    blueprint.drivers.find((one) => new RegExp(`from\\s+(['"])${one.package}\\1`).test(text)) ?? blueprint.drivers[0]!;
  const read = [...text.matchAll(/process\.env(?:\.|\[['"])(\w+)/g)]
    .map((match) => match[1]!)
    .filter((name) => isMember(blueprint.family, name));
  const names = Object.fromEntries(
    blueprint.variables.map(({ name }, i) => [name, read.includes(name) ? name : (read[i] ?? name)]),
  );
  const entry = {
    value: 'keep' as const,
    path: adapter.path,
    because: 'it was made from this blueprint and edited since',
  };
  return { entry, driver: { value: driver, because: `\`${adapter.path}\` uses it` }, names, client: null };
}
