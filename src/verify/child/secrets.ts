import { literally } from '../../pattern.ts';

type Environment = Record<string, string | undefined>;

const mask = '***';

/**
 * Names whose values may be secrets, whatever these look like. A wider net than for what is shown of documents: here
 * only the very value is masked, and a secret that is missed is printed.
 */
const perhapsSecret = /PASS|(?<!^|^OLD)PWD|SECRET|TOKEN|KEY|CREDENTIAL|AUTH|DSN/i;

/** Parameters of an address whose values are secrets. */
const secretParameter = /pass|pwd|secret|token|key|auth|credential/i;

/**
 * A text without any secret of the environments (the one of now, and the one that the process began with): passwords of
 * addresses as they stand there and as a driver decodes them, also in pieces where an unescaped `/` or `@` breaks them
 * apart; whole addresses that hold one; values of variables with a secret's name. What else looks like a password or
 * token of an address goes too.
 */
export function redact(text: string, ...environments: Environment[]): string {
  // The longest first, for one may hold another.
  const known = [...new Set(environments.flatMap(secretsIn))].sort((a, b) => b.length - a.length);
  return withoutPatterns(known.reduce((rest, secret) => without(rest, secret), text));
}

function secretsIn(environment: Environment): string[] {
  const found = new Set<string>();
  for (const [name, value] of Object.entries(environment)) {
    if (!value) continue;
    const secrets = addressSecrets(value.trim().replace(/^(["'`])(.*)\1$/s, '$2'));
    for (const one of secrets) found.add(one);
    if (secrets.length > 0) found.add(value).add(value.trim());
    if (perhapsSecret.test(name) && value.length >= 4 && !/^(?:true|false|none|null|\d{1,5})$/i.test(value))
      found.add(value);
  }
  return [...found].filter((one) => one.length > 0);
}

function addressSecrets(value: string): string[] {
  if (value.length > 8_000) return [];
  const named = value.includes('://') ? value.slice(value.indexOf('://') + 3) : value;
  // Greedy up to the last `@`: whatever a password holds is in it.
  const [, user, password] = /^([^\s:@/]*):(.+)@[^@]*$/s.exec(named) ?? [];
  const parameters = [
    ...value.matchAll(/[?&;\s]([\w.-]+)=('[^']*'|[^&;\s]*)/g),
    ...value.matchAll(/^([\w.-]+)=(\S+)/g),
  ];
  const given = parameters
    .filter(([, name]) => secretParameter.test(name!))
    .map(([, , one]) => one!.replace(/^'|'$/g, ''));
  const whole = [...(password ? [password] : []), ...given].filter((one) => one !== user && !isPublicWord(one));
  const forms = whole.flatMap((one) => [one, decoded(one), encodeURIComponent(one), encodeURIComponent(decoded(one))]);
  const pieces = whole
    .flatMap((one) => one.split(/[/@?#:%\\[\]]/))
    .filter((piece) => piece.length >= 3 && piece !== user);
  return [...new Set([...forms, ...pieces])];
}

/** A password that is the name of the server software says nothing, and masking it would garble every message. */
function isPublicWord(word: string): boolean {
  return /^(?:postgres|mysql|redis|valkey|root|default|localhost)$/.test(word);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A short secret is only masked where it stands as a word of its own: `a` is in every sentence. */
function without(text: string, secret: string): string {
  if (secret.length >= 6) return text.split(secret).join(mask);
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${literally(secret)}(?![\\p{L}\\p{N}])`, 'gu'), mask);
}

function withoutPatterns(text: string): string {
  return text
    .replace(/(\b[a-z][\w+.-]*:\/\/)[^\s/'"`]*@/gi, `$1${mask}@`)
    .replace(
      /([?&;\s](?:\w*(?:pass(?:word|wd)?|pwd|secret|token|authToken|apikey|api_key))=)[^&\s'"`;]+/gi,
      `$1${mask}`,
    );
}

/** The same for the last words of a process, in which anything may stand: long words of letters and digits go, too. */
export function redactOutput(text: string, ...environments: Environment[]): string {
  return redact(text, ...environments).replace(/(?=[\w+=]*[A-Za-z])(?=[\w+=]*\d)[\w+=]{24,}/g, mask);
}
