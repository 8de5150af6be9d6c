import type { VariableUse } from '../types/facts.ts';

/** Clients that keep what may be thrown away: a server of theirs is likely to evict. */
const caching =
  /^(?:cache-manager|keyv$|@keyv\/|connect-redis|rate-limiter|rate-limit-redis|@fastify\/rate-limit|express-rate-limit)/;

const NAME = '([A-Z_][A-Z0-9_]*)';
const environment = String.raw`(?:process\.env|import\.meta\.env|Bun\.env|\w*[eE]nv|ENV|config|settings)`;

/** `process.env.X`, `env["X"]`; `env('X')`, `requireEnv('X')`, `config.get<string>('X')`; `'X' in process.env`; `use_env_variable: 'X'`. */
const reading = new RegExp(
  [
    String.raw`\b${environment}(?:!?\.|\?\.|\[\s*['"])${NAME}\b`,
    String.raw`(?:\b\w*[eE]nv\w*|\b(?:config|configService|env)\.\w+|\.get(?:OrThrow)?)(?:<[\w\s|]+>)?\(\s*['"]${NAME}['"]\s*\)?`,
    String.raw`['"]${NAME}['"]\s+in\s+process\.env\b`,
    String.raw`\buse_env_variable\s*:\s*['"]${NAME}['"]`,
  ].join('|'),
  'g',
);
/** `const { X, Y: y } = process.env` */
const destructuring = /\{([^{}]*)\}\s*=\s*(?:process\.env|import\.meta\.env|\w*[eE]nv)\b(?!\s*\()/g;

/** Where a file hands variables to something: what receives them, in code terms, and the engine that speaks for them. */
export function usesIn(
  path: string,
  text: string,
  imported: string[],
  engineOf: (name: string) => string | null,
  owner: string | null,
): VariableUse[] {
  const caches =
    imported.some((name) => caching.test(name)) ||
    /(?:^|[/._-])cach(?:e|ing)(?:[/._-]|$)|[a-z]Cach(?:e|ing)\b|\bCache[A-Z]/.test(path);
  const use = (name: string, by: string): VariableUse => ({
    name,
    path,
    by: owner ?? by,
    engine: engineOf(name),
  });
  const direct = [...text.matchAll(reading)].map((match) => {
    const name = match.slice(1).find((one) => one !== undefined)!;
    const before = text.slice(Math.max(0, match.index - 120), match.index);
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + 300);
    if (composed(after)) return use(name, 'a composition');
    if (switches(before, after, text, /\bin\s+process\.env$/.test(match[0]))) return use(name, 'a feature switch');
    return use(name, caches ? 'a cache' : (receiver(before) ?? 'the code'));
  });
  const taken = [...text.matchAll(destructuring)].flatMap((match) =>
    [...match[1]!.matchAll(/(?:^|,)\s*([A-Z_][A-Z0-9_]*)\s*(?::\s*(\w+))?/g)].map(([, name, local]) =>
      use(name!, tests(local ?? name!, text) ? 'a feature switch' : caches ? 'a cache' : 'the code'),
    ),
  );
  return [...direct, ...taken];
}

/** `if (!X) throw …` demands the variable, at once or a few statements later; it switches nothing. */
const demand = /\bthrow\b|process\.exit|\bstatus\s*\(?:?\s*5|\bfail\w*\(|invariant|process\.env\.\w+\s*=[^=]/;

/** Whether setting the variable turns something on. */
function switches(before: string, after: string, text: string, tested: boolean): boolean {
  const rest = after.replace(/^['"]?\)?!?/, '');
  const block = rest.slice(0, 220);
  if (/(?:!!|Boolean\()\s*$/.test(before)) return true;
  if (/\b(?:if|while)\s*\([^;{}]*$/.test(before) || tested) return !demand.test(block);
  if (/^\s*[!=]==?\s*(?:undefined|null|''|"")/.test(rest)) return !demand.test(block);
  if (/^\s*(?:\?(?![?.])|&&)/.test(rest)) return true;
  if (/&&\s*!?$/.test(before)) return true;
  const local = /\b(?:const|let)\s+(\w+)(?:\s*:\s*[\w\s|]+)?\s*=\s*$/.exec(before)?.[1];
  return local !== undefined && tests(local, text);
}

/** Whether a name decides between having and not having something. */
function tests(local: string, text: string): boolean {
  const conditions = [...text.matchAll(new RegExp(String.raw`\bif\s*\(\s*!?${local}\s*\)([\s\S]{0,220})`, 'g'))];
  if (conditions.some((match) => !demand.test(match[1]!))) return true;
  return new RegExp(String.raw`(?<![\w.])${local}\s*(?:\?(?![?.:])|&&)`).test(text);
}

/** `?? \`postgres://${host}…\``, `|| buildUrl(…)`: where the variable is not set, the connection is put together from others. */
function composed(after: string): boolean {
  return /^!?\s*(?:\?\?|\|\|)\s*(?:\(?\s*`[^`]*\$\{|(?!require)\w*(?:url|uri|connection|dsn)\w*\s*\()/i.test(after);
}

function receiver(before: string): string | null {
  return (
    [...before.slice(-80).matchAll(/(?:new\s+)?\b(?!(?:if|while|switch|for|return)\b)([\w.]+)\s*\(/g)]
      .at(-1)?.[0]
      .replace(/\s*\($/, '') ?? null
  );
}
