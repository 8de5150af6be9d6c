/**
 * What keeps secrets out of everything that is shown: what stands in a committed file may be real all the same, and
 * output ends up in the logs of builds. The bytes on disk are never those of here.
 */
export const mask = '***';

/** What stands before `@` in URLs of documentation, and is no secret. */
const harmless = /^(?:git|user|user:password|username:password|postgres|root|default)$/i;

/** The user and password of a URL. In a password there may be a slash that nobody escaped; a port is not one. */
const userInfo = /:\/\/([^\s/'"`<>|]+|[^\s/'"`<>|:@]{1,64}:(?!\d{1,5}\/)[^\s'"`<>|]{1,128})@/g;

/** Keys of code and JSON whose values are secrets: `password: 'value'`. */
const keys = [
  ...['password', 'passwd', 'pwd', 'passphrase', 'secret', 'secret_?key'],
  ...['token', 'auth_?token', 'access_?token', 'api_?key'],
];

/** What every registry and forge gives its tokens to begin with, and what package managers call them. */
const tokens: readonly [RegExp, string][] = [
  [/\b(?:npm|gh[pousr]|github_pat|glpat|xox[abpr]|sk|rk|pk|whsec)[-_][\w-]{16,}/g, mask],
  [/\bAKIA[0-9A-Z]{16}\b/g, mask],
  [/\b(Bearer|Basic)[ \t]+[\w.+/=~-]{8,}/gi, `$1 ${mask}`],
  [/(_(?:authToken|auth|password)[ \t]*=[ \t]*)[^\s'"`]+/g, `$1${mask}`],
  [/([?&](?:password|passwd|pwd|token|authToken|apikey|api_key|secret|sslpassword)=)[^&\s'"`]+/gi, `$1${mask}`],
  [
    new RegExp(String.raw`\b((?:${keys.join('|')})["']?[ \t]*[:=][ \t]*)(["'\`])[^"'\`\s]{1,500}\2`, 'gi'),
    `$1$2${mask}$2`,
  ],
];

/** `API_TOKEN=value`, as scripts have it. */
const assigned = /\b([A-Z][A-Z0-9_]{1,80})=([^\s'"`,;)\]]{4,500})/g;

/**
 * Whether a variable holds nothing but a secret, by its name: a word of it says so, or a part of a word (`PGPASSWORD`)
 * unless that is found in other words, too (`MONKEY`, `AUTHOR`).
 */
export function isSecretName(name: string): boolean {
  return /SECRET|TOKEN|PASS|PWD|CREDENTIAL|APIKEY|(?:^|_)(?:KEY|AUTH)(?:_|$)/.test(name);
}

/** The text without user and password in its URLs, and without what is plainly a token. */
export function withoutCredentials(text: string): string {
  const urls = text.replace(userInfo, (whole, user: string) => (harmless.test(user) ? whole : `://${mask}@`));
  const plain = urls.replace(assigned, (whole, name: string, value: string) =>
    isSecretName(name) && !isVariable(value) ? `${name}=${mask}` : whole,
  );
  return tokens.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), plain);
}

/** Whether a value is another variable, or the name of one. */
function isVariable(value: string): boolean {
  return value.startsWith('$') || /^[A-Z_][A-Z0-9_]*\.?$/.test(value);
}
