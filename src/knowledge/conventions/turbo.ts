import type { Company } from '../../edit/insert.ts';
import { addToList, type StringList, stringLists } from '../../edit/json/list.ts';
import type { Refusal } from '../../edit/splice.ts';

/** A list of turbo.json through which variables reach a task; strict mode strips every other. */
const passing = /^(?:globalEnv|globalPassThroughEnv|(?:tasks|pipeline)\.[^\s]+\.(?:env|passThroughEnv))$/;

/** The lists of variables in the text of a turbo.json; null where it does not parse. */
export function turboLists(text: string): StringList[] | null {
  // `web#build` is another package's.
  const ours = ({ path }: StringList) => passing.test(path.join('.')) && !path.join('.').includes('#');
  return stringLists(text)?.filter(ours) ?? null;
}

/** Adds the variable to every list that has its family, else to the first that holds secrets of the program; none is created. */
export function declareInTurbo(text: string, variable: Company): { text: string } | Refusal {
  const lists = turboLists(text);
  if (!lists) return { refused: 'it does not parse' };
  if (lists.some(({ values }) => values.some((pattern) => covers(pattern, variable.name)))) return { text };
  const related = lists.filter(({ values }) => values.some((name) => !name.startsWith('!') && variable.isMember(name)));
  const chosen = related.length > 0 ? related : lists.filter(holdsSecrets).slice(0, 1);
  let edited: { text: string } | Refusal = { text };
  for (const { path } of chosen) {
    if ('refused' in edited) break;
    edited = addToList(edited.text, path, variable);
  }
  return edited;
}

function covers(pattern: string, name: string): boolean {
  if (pattern.startsWith('!') || !pattern.includes('*')) return false;
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
}

function holdsSecrets({ values }: StringList): boolean {
  return values.some(
    (name) =>
      !name.startsWith('!') &&
      /(?:KEY|SECRET|TOKEN|URL|URI|DSN|PASSWORD)$/.test(name) &&
      !/^(?:NEXT_PUBLIC|VITE|PUBLIC|EXPO|TURBO|VERCEL|SENTRY|CI|NODE)_/.test(name),
  );
}
