import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

/**
 * Fills the environment from the env file as Flue does (`createEnvLoader` of @flue/cli, beta.9 and 2.0.3): parsed by
 * Node, and a variable that is already there stays. Not `node --env-file`, which takes NODE_OPTIONS out of the file.
 */
export function loadEnvFile(file: string | null): void {
  if (file === null) return;
  const before = { ...process.env };
  for (const [name, value] of Object.entries(parseEnv(readFileSync(file, 'utf8')))) {
    if (before[name] === undefined) process.env[name] = value;
  }
}

/**
 * Whether a variable as it is written cannot be an address, and what to do about it; null where it can. Never holds its
 * value.
 */
export function addressTrouble(name: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  if (value.trim() === '') return `\`${name}\` is empty`;
  if (/^\s*(["'`]).*\1\s*$/s.test(value)) return `\`${name}\` has quotes inside its value: take them away`;
  if (value !== value.trim()) return `\`${name}\` has a space or a line break around its value: take it away`;
  if (/\[[A-Z-]*PASSWORD\]|<[\w -]+>/i.test(value)) return `\`${name}\` still has a placeholder in it`;
  if (/^file:/i.test(value) && !existsSync(folderOf(value)))
    return `the folder of the file in \`${name}\` is not there: make it, such as with \`mkdir -p data\``;
  if (!value.includes('://') && /^[^\s:/@]+:\S+@[^\s@]+$/.test(value))
    return (
      `\`${name}\` has no scheme: ` +
      'begin it with `postgresql://`, `redis://` or what the database wants; drivers else go to 127.0.0.1'
    );
  if (!/^[a-z][\w+.-]*:\/\//i.test(value) || URL.canParse(value)) return null;
  return (
    `\`${name}\` is no valid address: ` +
    'write `/`, `@`, `:`, `?`, `#` and `%` in a password as `%2F`, `%40`, `%3A`, `%3F`, `%23` and `%25`'
  );
}

/** The folder of a file as libSQL takes its address: relative, or with two or three slashes before it. */
function folderOf(address: string): string {
  const file = address.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/i, '').replace(/[?#].*$/s, '');
  return path.dirname(path.resolve(file));
}

/**
 * Whether the environment says that this is production; Vite sets NODE_ENV itself, so it is asked before that is
 * loaded.
 */
export function saysProduction(envFile: string | null): boolean {
  const { NODE_ENV, VERCEL_ENV, RAILWAY_ENVIRONMENT_NAME, FLY_APP_NAME, RENDER, DYNO } = process.env;
  const named = [NODE_ENV, VERCEL_ENV, RAILWAY_ENVIRONMENT_NAME].some((one) => /^prod/i.test(one ?? ''));
  const deployed = [FLY_APP_NAME, RENDER, DYNO].some((one) => one !== undefined && one !== '');
  return (
    named ||
    deployed ||
    /(?:^|[./\\])env\.prod|[./\\-]prod(?:uction)?(?:$|\.)/i.test(envFile?.split(/[/\\]/).at(-1) ?? '')
  );
}
