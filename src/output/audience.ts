import { isTerminal } from './stream.ts';

/** Who is there to answer. */
export interface Audience {
  /** Somebody reads stderr and types at stdin, and nothing says that questions are unwanted. */
  somebody: boolean;
  /** `--yes` */
  yes: boolean;
}

/**
 * Somebody is there when stdin and stderr, where prompts are written, are terminals, and neither a flag, a build, a
 * terminal that cannot redraw nor a coding agent says otherwise. Where stdout goes says nothing: a person types
 * `flue-db add … | tee log`.
 */
export function audienceOf({ json, yes }: { json?: boolean; yes?: boolean }): Audience {
  const asked = !json && !yes && !isBuild() && process.env.TERM !== 'dumb' && !isAgent(process.env);
  return { somebody: asked && isTerminal(0) && isTerminal(2), yes: yes ?? false };
}

/** `CI` is set by every known provider; `CI=false` and an empty one are how people unset it. */
function isBuild(): boolean {
  const { CI = '' } = process.env;
  return CI !== '' && CI !== 'false' && CI !== '0';
}

/**
 * What coding agents set for the commands that they run, some of them in a terminal of their own. As
 * `@vercel/detect-agent` 1.2.7 (which Flue's own command line asks), std-env 4.3 and am-i-vibing have them, less those
 * that people have in their own shells, too: `CURSOR_TRACE_ID` (any terminal of the editor), `REPL_ID`,
 * `COPILOT_MODEL`, `COPILOT_GITHUB_TOKEN`, `GOOSE_PROVIDER`, `AIDER_MODEL` and other settings. Aider sets nothing for
 * its commands; `AIDER=1` and `AI_AGENT=<name>` are there for whoever starts one.
 */
const agentVariables = [
  'AI_AGENT',
  'CLAUDECODE',
  'CLAUDE_CODE',
  'CURSOR_AGENT',
  'CODEX_SANDBOX',
  'CODEX_SANDBOX_NETWORK_DISABLED',
  'CODEX_THREAD_ID',
  'CODEX_CI',
  'GEMINI_CLI',
  'QWEN_CODE',
  'OPENCODE',
  'OPENCODE_CLIENT',
  'ANTIGRAVITY_AGENT',
  'AUGMENT_AGENT',
  'COPILOT_AGENT',
  'COPILOT_CLI',
  'CLINE_ACTIVE',
  'ROO_ACTIVE',
  'CRUSH',
  'AMP_CURRENT_THREAD_ID',
  'GOOSE_TERMINAL',
  'TRAE_AI_SHELL_ID',
  'JUNIE_SHIM_PATH',
  'PI_CODING_AGENT',
  'AIDER',
];

function isAgent(env: NodeJS.ProcessEnv): boolean {
  if (agentVariables.some((name) => env[name] && env[name] !== '0' && env[name] !== 'false')) return true;
  return env.CURSOR_EXTENSION_HOST_ROLE === 'agent-exec' || /^(?:amp|crush|goose)$/.test(env.AGENT ?? '');
}
