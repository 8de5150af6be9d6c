import { existsSync } from 'node:fs';
import { engineOfScheme } from '../../knowledge/engines/packages.ts';
import { replyCode } from '../../knowledge/engines/verify/redis-replies.ts';
import { addressTrouble } from './environment.ts';
import { codesOf, isMissingSocket } from './words.ts';

/** What can be done about a code of Node's own, whichever database it is. */
const general: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there: start the server, or correct the address',
  ENOTFOUND: 'no machine has that name: correct the address, or see whether the network is there',
  EAI_AGAIN: 'the name could not be looked up: see whether the network is there',
  ETIMEDOUT: 'no answer: see whether a firewall is between, and whether the port is right',
  EHOSTUNREACH: 'no way there: see whether the network or a VPN is up',
  ENETUNREACH: 'no way there: see whether the network or a VPN is up',
  ECONNRESET: 'the server hung up: see whether it wants TLS, or its log',
  EPIPE: 'the server hung up: see whether it wants TLS, or its log',
  EACCES: 'this address is not allowed here',
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is its own: give the driver its CA",
  SELF_SIGNED_CERT_IN_CHAIN: "give the driver the provider's CA certificate",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "give the driver the provider's CA certificate",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "give the driver the provider's CA certificate",
  CERT_HAS_EXPIRED: "the server's certificate is out of date: renew it",
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name: use the name that it is for',
  ERR_SSL_WRONG_VERSION_NUMBER: 'that port does not speak TLS: leave TLS out of the address',
  EPROTO: 'that port does not speak TLS: leave TLS out of the address',
  ERR_INVALID_URL: 'correct the address',
  ERR_MODULE_NOT_FOUND: 'install the project, or correct that import',
  MODULE_NOT_FOUND: 'install the project, or correct that import',
  ERR_UNKNOWN_FILE_EXTENSION:
    'this Node reads no TypeScript: install the project, whose Vite or `tsx` loads it, or use Node 22.18 or newer',
  ERR_REQUIRE_ESM: 'import it, do not require it',
  ERR_DLOPEN_FAILED: 'the native part of that package is for another Node or machine: install again',
};

/** Codes that have nothing to do with an address. */
const ofModules = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_UNKNOWN_FILE_EXTENSION', 'ERR_DLOPEN_FAILED'];

/** What the job and the engine know beside the error. */
export interface Knowing {
  variables: readonly string[];
  remedies: Record<string, string>;
  /** The engine that the db entry speaks to, where it is known. */
  engine?: string;
  /** Whether the server has answered: then it is not for a variable that something fails. */
  answered?: boolean;
  /** What can be done where it never ends, if it is nothing that a server answers. */
  endless?: string;
}

/**
 * What can be done about an error, or about `null`, which is no answer at all: a package that is not there, a variable
 * that cannot be right, or none that is set, then the code.
 */
export function remedyFor(error: unknown, known: Knowing): string | null {
  const codes = error === null ? [] : [...codesOf(error), replyCode(error) ?? ''];
  const ofModule = codes.find((code) => ofModules.includes(code));
  if (ofModule) return general[ofModule]!;
  const ofVariables = known.answered ? null : variableRemedy(known);
  if (ofVariables) return ofVariables;
  if (error === null && known.answered) return entryIn(known.remedies, 'NO_ANSWER') ?? gone;
  if (error === null) return known.endless ?? general.ETIMEDOUT!;
  if (isMissingSocket(error)) return 'no server listens at that path: start it, or correct the path';
  const of = (code: string) => entryIn(known.remedies, code) ?? entryIn(general, code);
  return codes.map(of).find((one) => one !== undefined) ?? null;
}

/** No answer, where there was one before. */
const gone = 'it answered before: see whether the server or the network has gone, or what it waits for';

/** What can be done about a variable that cannot be right, or where none is set; null where one may be right. */
function variableRemedy({ variables, engine }: Knowing): string | null {
  const trouble = variables.map((name) => addressTrouble(name, process.env[name])).find((one) => one !== null);
  if (trouble) return trouble;
  const [first, ...more] = variables.map((name) => `\`${name}\``);
  if (first && variables.every((name) => process.env[name] === undefined)) {
    const none = more.length > 0 ? `none of ${[first, ...more].join(', ')} is set` : `${first} is not set`;
    const other = existsSync('.env.local') ? '`--env .env.local`, which is not read by itself' : '`--env <file>`';
    return `${none}: set it in the env file, or name another one with ${other}`;
  }
  return engine ? anothersAddress(variables, engine) : null;
}

/** What can be done where every variable that is set holds the address of another engine. */
function anothersAddress(variables: readonly string[], engine: string): string | null {
  const engines = variables.flatMap((name) => {
    const [, scheme] = /^([a-z][\w+.-]*):/i.exec(process.env[name] ?? '') ?? [];
    return scheme === undefined ? [] : [{ name, of: engineOfScheme(scheme)?.name ?? null }];
  });
  const [first] = engines;
  const fits = (of: string | null) => of === null || of === engine || (of === 'sqlite' && engine === 'libsql');
  if (!first || engines.some(({ of }) => fits(of))) return null;
  return `\`${first.name}\` holds the address of ${first.of}, and db.ts speaks to ${engine}: see which is meant`;
}

/** What a table itself has for a name, which anybody may have chosen: an object also inherits some. */
function entryIn(table: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
