import { parseManifest } from '../edit/json/manifest.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Step } from '../types/plan.ts';
import { inUse } from './docs.ts';
import { note } from './steps.ts';

/**
 * What to know where another database's entry is replaced: it leaves what it had stored, its packages and its
 * variables, as whether anything else needs them is not ours to say.
 */
export function afterFormer(facts: Facts, { driver, entry, blueprint, names }: Choice, { adapter }: Blueprint): Step[] {
  const former = facts.entry?.value;
  if (former?.path !== entry.path || former.marker === blueprint) return [];
  const host = hostOf(facts);
  const { dependencies = {} } = parseManifest(facts.manifest.text);
  const unused = [...former.text.matchAll(/from ['"]([^'"]+)['"]/g)]
    .map((match) => match[1]!)
    .filter((name) => name in dependencies && ![adapter, driver.value.package].includes(name))
    .filter((name) => !name.startsWith(host.runtime));
  return [
    note(`what the former ${host.entryTitle} had stored stays where it was; nothing is moved`),
    ...unused.map((name) => note(`\`${host.entryFile}\` needs \`${name}\` no longer; remove it if nothing else does`)),
    ...stillDocumented(facts, former.text, names),
  ];
}

/** Variables that the former entry read, and nothing that is seen reads from now on: the docs still have them. */
function stillDocumented(facts: Facts, former: string, names: Choice['names']): Step[] {
  const now = Object.values(names).map(({ value }) => value);
  const read = new Set(former.match(/\b[A-Z][A-Z0-9_]+\b/g));
  const docs = facts.envDocs.filter(({ leftAlone }) => !leftAlone);
  const documented = new Set(docs.flatMap(({ variables }) => variables.map(({ name }) => name)));
  const left = [...documented].filter((name) => read.has(name) && !now.includes(name) && !inUse(facts, name));
  const { entryFile } = hostOf(facts);
  return left.map((variable) => {
    const has = docs.filter(({ variables }) => variables.some(({ name }) => name === variable));
    const paths = [...new Set(has.map(({ path: file }) => `\`${file}\``))];
    const still = `${paths.join(' and ')} still ${paths.length > 1 ? 'have' : 'has'} \`${variable}\``;
    const rest = `which \`${entryFile}\` reads no longer; take it out if nothing else does`;
    return { kind: 'know', variable, path: has[0]!.path, text: `${still}, ${rest}` };
  });
}
