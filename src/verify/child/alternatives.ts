import { must } from '../../knowledge/engines/verify/engine.ts';
import type { Opened } from './opened.ts';

/** What only a db entry for several databases can get wrong: which of them it is. Says nothing of others. */
export async function lookAtAlternatives(opened: Opened): Promise<void> {
  await lookAtAdapters(opened);
  await lookAtAddresses(opened);
}

/** Finding: code for several stores side by side. */
async function lookAtAdapters({ check, one, others }: Opened): Promise<void> {
  if (others.length === 0) return;
  await check({ code: 'one-adapter', title: 'it makes one adapter', severity: 'warning' }, () => {
    const packages = [...new Set([one, ...others].map(({ from }) => `\`${from}\``))].join(' and ');
    const remedy = 'make only the adapter that is exported, in the branch that decides for it';
    must(false, `it makes ${others.length + 1}, of ${packages}: Flue uses the default export and no other`, remedy);
  });
}

/** Finding: two variables that say the same in two ways, where the order of reading decides. */
export async function lookAtAddresses({ check, job }: Pick<Opened, 'check' | 'job'>): Promise<void> {
  const clash = job.fallbacks
    .map((names) => names.filter((name) => isAddress(process.env[name])))
    .find((names) => new Set(names.map((name) => process.env[name])).size > 1);
  if (!clash) return;
  await check({ code: 'one-address', title: 'one variable says where the database is', severity: 'warning' }, () => {
    const [first, ...rest] = clash.map((name) => `\`${name}\``);
    const remedy = 'set only the one that is meant, or read only that one';
    must(false, `${[first, ...rest].join(' and ')} are set and differ: it takes ${first}`, remedy);
  });
}

function isAddress(value: string | undefined): boolean {
  return value !== undefined && /^[a-z][\w+.-]*:/i.test(value);
}
