import { createRequire } from 'node:module';
import { stripVTControlCharacters } from 'node:util';
import pty from '@lydell/node-pty';
import { bin } from './flue.ts';

const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof import('@xterm/headless');

/** What is typed, once the screen shows a text. */
export type Typed = readonly [shows: string, keys: string];

export const keys = { enter: '\r', down: '\u001b[B', up: '\u001b[A', escape: '\u001b', interrupt: '\u0003' };

export interface Session {
  /** What stands on the screen at the end, with what has scrolled away. */
  text: string;
  /** The same with the style of each stretch: `{green}Done.{/}`. */
  styled: string;
  /** Every byte that reached the terminal. */
  raw: string;
  code: number;
}

export interface TerminalOptions {
  cwd: string;
  columns?: number;
  env?: Record<string, string>;
  typed?: readonly Typed[];
  /** The words of a shell, for what redirects: `$BIN` is ours. Otherwise `args` go to our program. */
  shell?: string;
}

/** What says that nobody is there, taken out of the environment that the tests run in. */
const unset = [
  'CI',
  'CLAUDECODE',
  'CLAUDE_CODE',
  'AI_AGENT',
  'CURSOR_AGENT',
  'CODEX_SANDBOX',
  'NO_COLOR',
  'FORCE_COLOR',
];

/**
 * Runs the built program in a pseudo terminal, as a person has it, and draws what it prints. Each of `typed` waits for
 * its text, and for the screen to have been quiet since. Fails when a text does not come within 20 s.
 */
export async function atTerminal(args: readonly string[], options: TerminalOptions): Promise<Session> {
  const { cwd, columns = 80, env: more = {}, typed = [], shell } = options;
  const terminal = new Terminal({ cols: columns, rows: 60, scrollback: 2000, allowProposedApi: true });
  const env: Record<string, string | undefined> = { ...process.env, TERM: 'xterm-256color', BIN: bin };
  env.NODE_EXTRA_CA_CERTS = '';
  for (const name of unset) delete env[name];
  Object.assign(env, more);
  // A shell leads the session and stays a moment: where the leader ends, the kernel may drop what nobody has read yet.
  const line = `trap : INT; ${shell ?? '"$0" "$BIN" "$@"'}; code=$?; sleep 0.1; exit $code`;
  const words = ['-c', line, process.execPath, ...args];
  const child = pty.spawn('/bin/sh', words, { name: env.TERM ?? 'xterm-256color', cols: columns, rows: 60, cwd, env });
  let [raw, from] = ['', 0];
  const ended = new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  child.onData((data) => {
    raw += data;
    terminal.write(data);
  });
  const plain = (text: string) => stripVTControlCharacters(text);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (const [shows, press] of typed) {
    const start = Date.now();
    // What is broken over lines is found all the same.
    const seen = () =>
      plain(raw.slice(from))
        .replace(/[\s│]+/g, ' ')
        .includes(shows);
    while (!seen()) {
      if (over || Date.now() - start > 20_000) {
        child.kill();
        throw new Error(`the screen never showed ${JSON.stringify(shows)}:\n${plain(raw)}`);
      }
      await pause(20);
    }
    await pause(120);
    from = raw.length;
    child.write(press);
  }
  const code = await Promise.race([ended, pause(40_000).then(() => -1)]);
  if (code === -1) child.kill();
  // What it printed last may still be on its way.
  for (let length = -1; length !== raw.length; await pause(100)) length = raw.length;
  await new Promise<void>((resolve) => terminal.write('', resolve));
  return { ...drawn(terminal), raw, code };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** The lines of a terminal, bare and with their styles. */
function drawn(terminal: InstanceType<typeof Terminal>): { text: string; styled: string } {
  const buffer = terminal.buffer.active;
  const [bare, styled]: [string[], string[]] = [[], []];
  for (let y = 0; y < buffer.length; y += 1) {
    const line = buffer.getLine(y)!;
    bare.push(line.translateToString(true));
    let [text, before] = ['', ''];
    for (let x = 0; x < line.length; x += 1) {
      const cell = line.getCell(x)!;
      const style = [
        cell.isBold() && 'bold',
        cell.isDim() && 'dim',
        cell.isFgPalette() && (colours[cell.getFgColor()] ?? 'gray'),
      ]
        .filter(Boolean)
        .join(' ');
      const characters = cell.getChars() || ' ';
      if (style !== before) text += `${before && '{/}'}${style && `{${style}}`}`;
      text += characters;
      before = style;
    }
    styled.push(`${text}${before && '{/}'}`.trimEnd());
  }
  const whole = (lines: string[]) => lines.join('\n').trimEnd();
  return { text: whole(bare), styled: whole(styled) };
}
