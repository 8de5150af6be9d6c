import { packageManagers } from '../knowledge/package-managers/index.ts';

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

/** What the system, its shell and what runs in it read themselves: a connection string there changes what they do. */
const owned = new Set(
  [
    'PATH HOME SHELL USER LOGNAME PWD OLDPWD TMPDIR TEMP TMP TERM TZ LANG IFS ENV BASH_ENV SHELLOPTS PROMPT_COMMAND',
    'PS0 PS1 PS2 PS3 PS4 CI PORT COMSPEC SYSTEMROOT PATHEXT EDITOR PAGER NO_COLOR FORCE_COLOR RUBYOPT',
  ].flatMap((line) => line.split(' ')),
);

/** The same of the linker, of locales, proxies, Node, git, languages and package managers, by the form of the name. */
const ownedForms = [
  /^(?:HTTPS?|ALL|NO|FTP)_PROXY$/,
  /^(?:LC|LD|DYLD|NODE|GIT|SSH|SSL|OPENSSL|PERL|RUBY|JAVA)_\w+$/,
  /^(?:PERL5|PYTHON)\w*$/,
  ...packageManagers.map(({ name }) => new RegExp(`^${name}_`, 'i')),
];

/** Why a variable must not be called that, or null where it may. */
export function refuseVariableName(name: string): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return 'letters, digits and `_`, not beginning with a digit';
  const upper = name.toUpperCase();
  const prefix = shipped.find((one) => upper.startsWith(one));
  if (prefix) return `what begins with \`${prefix}\` is shipped to browsers, and this is a secret`;
  if (name in Object.prototype) return 'every object of JavaScript has a property of that name';
  const isOwned = owned.has(upper) || ownedForms.some((form) => form.test(upper));
  return isOwned ? 'the system or a tool reads a variable of that name' : null;
}
