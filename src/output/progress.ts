import { paint } from './layout.ts';
import type { Screen } from './screen.ts';
import { presentableInLine } from './untrusted.ts';

/** What is shown while a command of the plan runs. */
export interface Running {
  /** The command printed something. */
  printed(text: string): void;
  /** It printed nothing for so many seconds. */
  stalled(seconds: number): void;
  /** It has ended, well or not. */
  stop(): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * Shows that a command runs: on a terminal one line that is written again, with the time it took so far and the last
 * line that the command printed; elsewhere a line at the start and one for each stall. `verbose`: every line that it
 * prints.
 */
export function showRunning(screen: Screen, command: string, verbose: boolean): Running {
  if (!screen.live || verbose) return plainly(screen, command, verbose);
  const start = Date.now();
  let [step, note, frame] = ['', '', 0];
  const draw = () => {
    const seconds = Math.floor((Date.now() - start) / 1000);
    const parts = [command, `${seconds} s`, note || step].filter((part) => part !== '');
    const width = (screen.layout.columns ?? 80) - 3;
    const text = presentableInLine(parts.join(' · ')).slice(0, width);
    frame = (frame + 1) % frames.length;
    screen.again(paint(screen.layout, [['cyan', frames[frame]!], ` ${text}`], (one) => one));
  };
  draw();
  const timer = setInterval(draw, 100);
  return {
    printed: (text) => {
      step = lastLine(text) ?? step;
      note = '';
    },
    stalled: (seconds) => {
      note = `still running, nothing printed for ${seconds} s`;
    },
    stop: () => {
      clearInterval(timer);
      screen.again('');
    },
  };
}

function plainly(screen: Screen, command: string, verbose: boolean): Running {
  screen.say(`running ${command} …`);
  return {
    printed: (text) => {
      if (verbose) for (const line of text.split(/\r?\n/)) if (line.trim() !== '') screen.say([['dim', line]], '  ');
    },
    stalled: (seconds) => screen.say(`still running, nothing printed for ${seconds} s …`),
    stop: () => {},
  };
}

/** The last line that is not empty, without the codes with which programs draw over their own lines. */
function lastLine(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes begin with ESC.
  const bare = text.slice(-2000).replace(/\u001b\[[\d;?]*[A-Za-z]/g, '');
  return bare
    .split(/[\r\n]/)
    .map((line) => line.trim())
    .findLast((line) => line !== '');
}
