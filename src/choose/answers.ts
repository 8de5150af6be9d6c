import { Problem } from '../problem.ts';
import type { EntryPolicy, Question, Request } from '../types/choice.ts';
import type { Facts, PackageManagerName, Target } from '../types/facts.ts';
import type { Client } from '../types/source.ts';

/** The facts and the request that `choose` works on; an answer changes one of them. */
export interface Ground {
  facts: Facts;
  request: Request;
}

/**
 * Takes the answer to a question in, as if its flag had been typed: what it says of the project changes the facts, what
 * it asks for the request. Nothing is looked at again. An answer to another flag is a bug.
 */
export function takeAnswer({ facts, request }: Ground, { flag, because }: Question, answer: string): Ground {
  switch (flag) {
    case '--target':
      return { facts: withTarget(facts, answer as Target), request };
    case '--package-manager':
      return { facts: withPackageManager(facts, answer as PackageManagerName), request };
    case '--on-existing':
      return { facts, request: { ...request, onExisting: answer as EntryPolicy } };
    case '--client':
      return { facts: withClient(facts, answer), request: { ...request, client: answer } };
    case '--driver':
      return { facts, request: { ...request, driver: answer } };
    case '--var': {
      const [canonical, name] = canonicalAndName(answer);
      const names = { ...request.names, [canonical]: name };
      return { facts, request: { ...request, names, because: { ...request.because, [canonical]: because } } };
    }
    default:
      throw new Error(`nothing takes the answer to ${flag}`);
  }
}

/** The facts where the target is known: by a flag, or by an answer. */
export function withTarget(facts: Facts, target: Target | undefined): Facts {
  if (target === undefined) return facts;
  return { ...facts, target: { ...facts.target, value: target, because: '--target' } };
}

/** The facts where one of the project's own clients was chosen: that one is first. */
function withClient(facts: Facts, client: string): Facts {
  const isChosen = (one: Client) => `${one.path}#${one.export}` === client;
  const chosen = facts.clients.filter(isChosen);
  return { ...facts, clients: [...chosen, ...facts.clients.filter((one) => !isChosen(one))] };
}

/** The facts where one of the package managers that the evidence names was chosen. */
function withPackageManager(facts: Facts, name: PackageManagerName): Facts {
  const value = facts.packageManager.among?.find((one) => one.name === name);
  if (!value) throw new Error(`${name} is none of the answers`);
  return { ...facts, packageManager: { value, because: '--package-manager' } };
}

/** Whether it is one version, and no range or tag. */
export function isExactVersion(version: string): boolean {
  return /^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version);
}

/** A version as it is. Raises `bad-request` for a range or a tag. */
export function exactVersion(version: string): string {
  if (isExactVersion(version)) return version;
  throw new Problem('bad-request', `\`--flue ${version}\` is not one exact version`, 'for example `--flue 2.0.3`');
}

/** `CANONICAL=NAME` as its two names. Raises `bad-request`. */
export function canonicalAndName(answer: string): [canonical: string, name: string] {
  const match = /^(\w+)=([^=]+)$/.exec(answer);
  if (match) return [match[1]!, match[2]!];
  throw new Problem(
    'bad-request',
    `\`--var ${answer}\` is not of the form CANONICAL=NAME`,
    'for example `--var DATABASE_URL=POSTGRES_URL`',
  );
}

/** The names by canonical names, of all `--var`. Raises `bad-request` where one of them gets two. */
export function namesByCanonical(answers: readonly string[]): Record<string, string> {
  const names = new Map<string, string>();
  for (const [canonical, name] of answers.map(canonicalAndName)) {
    const first = names.get(canonical) ?? name;
    if (first !== name)
      throw new Problem(
        'bad-request',
        `\`${canonical}\` is \`${first}\`, and then \`${name}\``,
        'leave out one `--var`',
      );
    names.set(canonical, name);
  }
  return Object.fromEntries(names);
}
