import type { Manifest } from '../../project/manifest.ts';

/** The env file that the project's scripts load by name, where it is one and another than the usual. */
export function inspectEnvFile({ scripts = {} }: Manifest): { value: string; because: string } | null {
  const loading =
    /(?:--env-file(?:-if-exists)?[= ]|\bflue\b[^&|;]*? --env[= ]|\bdotenv(?:x run)? +(?:-[ef] +)|\bdotenvx run +-f +|\benv-cmd +-f +|DOTENV_CONFIG_PATH=)(["']?)([\w./-]+)\1/g;
  const found = Object.entries(scripts).flatMap(([script, line]) =>
    typeof line === 'string' && /^(?:dev|start|serve|flue|run)/.test(script)
      ? [...line.matchAll(loading)].map((match) => ({ value: match[2]!, because: `the script \`${script}\` loads it` }))
      : [],
  );
  const files = new Set(found.filter(({ value }) => /[./]/.test(value)).map(({ value }) => value.replace(/^\.\//, '')));
  const [first] = found;
  return first && files.size === 1 && !/(?:^|\/)\.env$|example|template|sample/.test(first.value) ? first : null;
}
