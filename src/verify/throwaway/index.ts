import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isConnection, isMember, isVariable } from '../../knowledge/engines/family.ts';
import { Problem } from '../../problem.ts';
import type { Subject } from '../subject.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import type { Server } from './server.ts';

/** A database that is ours for one run, and the variables that lead a db entry to it. */
export interface Throwaway {
  env: NodeJS.ProcessEnv;
  onlyPort: number | null;
  /** null: there is no server whose end anything could survive. */
  crash: (() => Promise<void>) | null;
  stop(): Promise<void>;
}

/** The engines of which a server can be had. */
const throwable = ['postgres', 'libsql', 'redis'];

/**
 * Starts a server for the adapter that the db entry imports, and sets every variable by which it may learn of one.
 * Raises `unsupported-driver` where none can be had, and `operation-failed`.
 */
export async function startThrowaway(subject: Subject): Promise<Throwaway> {
  const adapter = adapterOf(subject);
  const { engine, family } = (adapter && subject.engines[adapter]) || {};
  const marker = subject.facts.entry?.value.marker ?? '';
  if (!family || !throwable.includes(engine!) || marker.includes('/turso@'))
    throw none(marker.includes('/turso@') ? 'Turso' : (adapter ?? null));
  if (engine === 'libsql') return inFile(subject);
  const server = engine === 'postgres' ? await startPostgres() : await startRedis(programsFor(marker));
  const address =
    engine === 'postgres' ? `postgresql://flue@127.0.0.1:${server.port}/postgres` : `redis://127.0.0.1:${server.port}`;
  const libpq = {
    PGHOST: '127.0.0.1',
    PGPORT: String(server.port),
    PGUSER: 'flue',
    PGPASSWORD: '',
    PGDATABASE: 'postgres',
  };
  return {
    env: { ...(engine === 'postgres' && libpq), ...variablesFor(subject, family, address, server) },
    onlyPort: server.port,
    crash: () => server.crash(),
    stop: () => server.stop(),
  };
}

function programsFor(marker: string): string[] {
  const programs = ['redis-server', 'valkey-server'];
  return marker.includes('/valkey@') ? programs.reverse() : programs;
}

/** The one it imports; where it imports none itself, the one that package.json has. */
function adapterOf({ packages, facts, engines }: Subject): string | undefined {
  // What the host has built in needs no server.
  const known = Object.keys(engines).filter((name) => engines[name]!.engine !== 'sqlite');
  const declared = facts.packages.map(({ name }) => name).filter((name) => known.includes(name));
  return packages.find((name) => known.includes(name)) ?? (declared.length === 1 ? declared[0] : undefined);
}

function inFile(subject: Subject): Throwaway {
  const folder = mkdtempSync(path.join(tmpdir(), 'flue-throwaway-'));
  return {
    env: variablesFor(subject, 'sql', `file:${path.join(folder, 'flue.db')}`, null),
    onlyPort: null,
    crash: null,
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Parts of an address, by the end of the variable's name. */
const parts: [RegExp, (server: Server) => string][] = [
  [/HOST(?:NAME)?$/, () => '127.0.0.1'],
  [/PORT$/, ({ port }) => String(port)],
  [/USER(?:NAME)?$/, () => 'flue'],
  [/(?:PASS|PASSWORD|PWD)$/, () => ''],
  [/(?:SSL|TLS|SSLMODE)$/, () => ''],
];

function variablesFor(
  { variables }: Subject,
  family: string,
  address: string,
  server: Server | null,
): NodeJS.ProcessEnv {
  const names = variables.filter((name) => isMember(family, name) || isConnection(family, name));
  // What the db entry reads by a name of no family is a whole address.
  if (names.length === 0 && variables.length > 0 && !variables.some(isVariable))
    return Object.fromEntries(variables.map((name) => [name, address]));
  const found = names.flatMap((name): [string, string][] => {
    if (isConnection(family, name)) return [[name, address]];
    const part = server && parts.find(([end]) => end.test(name));
    if (part) return [[name, part[1](server)]];
    return /(?:NAME|DB|DATABASE)$/.test(name) ? [[name, family === 'sql' ? 'postgres' : '0']] : [[name, address]];
  });
  if (found.length > 0 || family === 'sql') return Object.fromEntries(found);
  throw new Problem(
    'unsupported-driver',
    'no variable can be seen by which the db entry learns where the database is, ' +
      'so --throwaway cannot lead it elsewhere',
    'run it without `--throwaway`',
  );
}

function none(what: string | null): Problem {
  const which = what
    ? `there is none to be had for \`${what}\``
    : 'which adapter the db entry makes cannot be seen in it';
  return new Problem(
    'unsupported-driver',
    `--throwaway has servers for Postgres, Redis, Valkey and libSQL files; ${which}`,
    'run it without `--throwaway`, against a server of your own',
  );
}
