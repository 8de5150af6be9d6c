import { Problem } from '../../../problem.ts';
import type { Blueprint } from '../../../types/blueprint.ts';
import type { Question, Request, Services } from '../../../types/choice.ts';
import type { Facts } from '../../../types/facts.ts';
import { detailsOf } from './details.ts';
import { compare } from './version.ts';

/**
 * The services beside those that every entry makes: the ones asked for, else those that ours makes already. Raises
 * `bad-request` for a name that is none, and for one that is never made or that the adapter does not have yet.
 */
export function chooseServices(
  facts: Facts,
  blueprint: Blueprint,
  { services: asked }: Request,
  there: readonly string[] | null,
): Services {
  const { services = [] } = blueprint;
  const chosen = asked?.filter((name) => !services.some((one) => one.name === name && one.always)) ?? there ?? [];
  for (const name of asked ?? []) check(facts, blueprint, name);
  const unasked = there ? 'it makes them already' : 'what every project gets';
  const because = asked ? '--services' : unasked;
  const made = services.filter(({ name, always }) => always || chosen.includes(name)).map(({ name }) => name);
  const { keys } = detailsOf(facts);
  const value = made.filter((name) => chosen.includes(name));
  return { value, because, optional: made.filter((name) => keys.includes(name)) };
}

function check({ version }: Facts, { services = [], versions = [], adapter }: Blueprint, name: string): void {
  const found = services.find((one) => one.name === name);
  const offered = services.filter(({ refused, always }) => !refused && !always).map((one) => `\`${one.name}\``);
  const hint =
    `it can make ${offered.join(', ')}, separated by commas; ` +
    '`workflowService` and `workflowRunService` it always makes';
  if (!found) throw new Problem('bad-request', `\`--services ${name}\`: there is no service of that name`, hint);
  if (found.refused) throw new Problem('bad-request', `\`--services ${name}\`: ${found.refused}`, hint);
  const row = versions.find(
    ({ from, to }) => compare(version.value ?? '', from) >= 0 && compare(version.value ?? '', to) <= 0,
  );
  if (found.since && row && compare(row.adapter, found.since) < 0) {
    const why =
      `\`--services ${name}\`: \`${adapter}\` ${row.adapter}, which goes with this project, ` +
      `does not have it; ${found.since} has`;
    throw new Problem('bad-request', why, 'leave it out, or update `@pikku/core` first');
  }
}

/** Another store for workflows: ours wins over it, which has to be meant. Raises `adapter-exists` where it is kept. */
export function otherStore(facts: Facts, { onExisting }: Request): Question | null {
  const { stores, wiredIn } = detailsOf(facts);
  const [store] = stores;
  if (!store || (wiredIn !== null && facts.entry?.value.marker)) return null;
  const said = stores.map(({ path, name }) => `\`${path}\` makes a \`${name}\``).join(', and ');
  if (onExisting === 'replace') return null;
  if (onExisting !== undefined) {
    const kept = `${said}, which is kept, as \`--on-existing ${onExisting}\` says, so there is nothing to add`;
    throw new Problem('adapter-exists', kept, '`--on-existing replace` lets ours win');
  }
  return {
    flag: '--on-existing',
    ask: `\`${store.name}\` keeps the workflows already. Take its place?`,
    answers: [
      { value: 'keep', label: 'keep it and add nothing' },
      { value: 'replace', label: 'let ours win: what comes last in the object of services counts; runs are not moved' },
    ],
    because: `${said}, and ours would win over it`,
    refusal: {
      code: 'adapter-exists',
      hint: '`--on-existing replace` lets ours win; keeping it means there is nothing to add',
    },
  };
}
