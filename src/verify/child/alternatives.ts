import { must } from '../../knowledge/engines/verify/engine.ts';
import type { Opened } from './opened.ts';
import type { Endpoint } from './sockets.ts';

/** Finding: code for several stores side by side. Says nothing of others. */
export async function lookAtAdapters({ check, one, others }: Opened): Promise<void> {
  if (others.length === 0) return;
  await check({ code: 'one-adapter', title: 'it makes one adapter', severity: 'warning' }, () => {
    const packages = [...new Set([one, ...others].map(({ from }) => `\`${from}\``))].join(' and ');
    const remedy = 'make only the adapter that is exported, in the branch that decides for it';
    must(false, `it makes ${others.length + 1}, of ${packages}: Flue uses the default export and no other`, remedy);
  });
}

/**
 * Finding: two variables that say the same in two ways, where the order of reading decides. Looked at when it has
 * connected: those that lead elsewhere are not meant, and what another module takes is only its business if it leads
 * there.
 */
export async function lookAtAddresses({
  check,
  job,
  sockets,
}: Pick<Opened, 'check' | 'job' | 'sockets'>): Promise<void> {
  const endpoints = sockets.endpoints();
  const leadsThere = (names: string[]) =>
    names.some((name) => endpoints.some((endpoint) => isAt(process.env[name]!, endpoint)));
  const clash = job.fallbacks
    .map(({ names, own }) => ({ names: names.filter((name) => isAddress(process.env[name])), own }))
    .filter(({ names, own }) => (own && endpoints.length === 0) || leadsThere(names))
    .map(({ names }) => names)
    .find((names) => new Set(names.map((name) => process.env[name])).size > 1);
  if (!clash) return;
  await check({ code: 'one-address', title: 'one variable says where the database is', severity: 'warning' }, () => {
    const [first, ...rest] = clash.map((name) => `\`${name}\``);
    const remedy = 'set only the one that is meant, or read only that one';
    must(false, `${[first, ...rest].join(' and ')} are set and differ: it takes ${first}`, remedy);
  });
}

/** Whether an address is that of an endpoint; a port that it does not say may be any. */
function isAt(address: string, endpoint: Endpoint): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname, port } = new URL(address);
  const isHost = hostname.replace(/^\[|\]$/g, '').toLowerCase() === endpoint.host.toLowerCase();
  return isHost && (port === '' || Number(port) === endpoint.port);
}

function isAddress(value: string | undefined): boolean {
  return value !== undefined && /^[a-z][\w+.-]*:/i.test(value);
}
