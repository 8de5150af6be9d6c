/**
 * Prefixes of variables that a bundler writes into what browsers load: whoever opens the page could read the connection
 * string.
 */
const shipped = [
  'NEXT_PUBLIC_',
  'VITE_',
  'PUBLIC_',
  'REACT_APP_',
  'EXPO_PUBLIC_',
  'GATSBY_',
  'NUXT_PUBLIC_',
  'VUE_APP_',
  'NG_APP_',
  'STORYBOOK_',
  'SNOWPACK_PUBLIC_',
];

/** What the system, Node, npm and git read themselves: a connection string there changes what they do. */
const owned =
  /^(?:PATH|HOME|SHELL|USER|LOGNAME|PWD|OLDPWD|TMPDIR|TEMP|TMP|TERM|TZ|LANG|IFS|ENV|BASH_ENV|SHELLOPTS|PROMPT_COMMAND|PS[0-4]|CI|PORT|COMSPEC|SYSTEMROOT|PATHEXT|EDITOR|PAGER|NO_COLOR|FORCE_COLOR|(?:HTTPS?|ALL|NO|FTP)_PROXY|(?:LC|LD|DYLD|NODE|NPM|PNPM|YARN|BUN|DENO|GIT|SSH|SSL|OPENSSL|PYTHON|PERL|RUBY|JAVA)_\w+|PERL5\w*|RUBYOPT|PYTHON\w*)$/i;

/** Why a variable must not be called that, or null where it may. */
export function refuseVariableName(name: string): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return 'letters, digits and `_`, not beginning with a digit';
  const prefix = shipped.find((one) => name.toUpperCase().startsWith(one));
  if (prefix) return `what begins with \`${prefix}\` is shipped to browsers, and this is a secret`;
  if (name in Object.prototype) return 'every object of JavaScript has a property of that name';
  return owned.test(name) ? 'the system or a tool reads a variable of that name' : null;
}
