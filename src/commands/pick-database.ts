import { listBlueprints } from '../blueprints/shelf.ts';
import { inspect } from '../inspect/index.ts';
import { commandLine } from '../knowledge/hosts/flue/version.ts';
import { allBlueprints } from '../knowledge/hosts/index.ts';
import { ask } from '../output/ask.ts';
import type { Report } from '../output/json.ts';
import { openScreen } from '../output/screen.ts';
import { showOffers } from '../output/tables.ts';
import { Problem } from '../problem.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Question } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import { askFlue } from './forward.ts';
import { offered } from './list.ts';
import type { OpenProject } from './open.ts';

/** Where nothing in the project speaks for one, the order in which they are offered. */
const usual = ['postgres', 'sqlite', 'redis', 'mysql', 'mongodb', 'libsql', 'valkey', 'supabase', 'turso'];

/** Which database, by a prompt: the likeliest for this project first. Raises what `inspect` does, and `interrupted`. */
export async function pickDatabase({ project, host }: OpenProject): Promise<string> {
  const blueprints = listBlueprints(host.shelf);
  const facts = await inspect(project, host, blueprints);
  const ranked = rankedFor(facts, blueprints);
  const [first] = ranked;
  const evidence = first && evidenceFor(facts, first);
  const because = evidence ?? 'nothing in the project speaks for one yet';
  const question = questionOf(ranked, because);
  if (evidence) question.answers[0]!.recommended = true;
  return ask(question, { somebody: true, yes: false });
}

/** What a missing name is where nobody can be asked: the most ordinary question. */
export function needsName(): Problem {
  const all = allBlueprints();
  const once = all.filter((one, i) => all.findIndex(({ name }) => name === one.name) === i);
  const question = questionOf(once, 'a database has to be named');
  const names = question.answers.map(({ value }) => value).join(', ');
  return new Problem('bad-request', '`flue-db add` needs a name', `one of ${names}`, question);
}

/** `flue-db add` with nobody there: what can be added, ours and Flue's own. */
export async function bareAdd({ json }: { json?: boolean }): Promise<Report> {
  const offers = offered();
  const blueprints = offers.flatMap((one) => one.blueprints);
  if (json) return { command: 'add', blueprints };
  const screen = await openScreen(2);
  screen.say([['bold', 'flue add database <name>'], ' or flue-db add <name>']);
  screen.blank();
  showOffers(screen, offers);
  const flue = await askFlue(['add']);
  if (flue && !flue.failed) {
    screen.blank();
    screen.say([
      ['bold', `Flue's own, from ${commandLine} ${flue.version ?? ''}`.trim()],
      ': guides for a coding agent',
    ]);
    screen.blank();
    screen.say(flue.text);
  }
  return { command: 'add', blueprints };
}

function questionOf(blueprints: readonly Blueprint[], because: string): Question {
  return {
    flag: '<name>',
    ask: 'Which database?',
    because,
    answers: blueprints.map(({ name, title, summary }) => ({ value: name, label: `${title}: ${summary}` })),
  };
}

function rankedFor(facts: Facts, blueprints: readonly Blueprint[]): Blueprint[] {
  const score = (one: Blueprint) => (evidenceFor(facts, one) ? 0 : 1);
  const place = ({ name }: Blueprint) => (usual.includes(name) ? usual.indexOf(name) : usual.length);
  return [...blueprints].sort((a, b) => score(a) - score(b) || place(a) - place(b));
}

/** What speaks for a database: its driver, or a package that stands on it or beside it, in package.json. */
function evidenceFor({ packages }: Facts, { drivers, refused, adapter }: Blueprint): string | null {
  const names = [
    ...drivers.map((one) => one.package).filter((name) => name !== adapter),
    ...drivers.flatMap(({ suggestedBy = [] }) => suggestedBy),
    ...refused.map((one) => one.package),
  ];
  const there = names.find((name) => packages.some((one) => one.name === name && one.list !== null));
  return there ? `\`${there}\` is in package.json` : null;
}
