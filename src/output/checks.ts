import type { Check } from '../types/verify.ts';
import { paint, type TableRow, type TextStyle } from './layout.ts';
import type { Screen } from './screen.ts';
import { presentableInLine } from './untrusted.ts';

/** What is about to be done, before any code of the project runs. */
export function showBeginning(
  screen: Screen,
  { entry, host }: { entry: string; host: string },
  envFile: string | null,
): void {
  const reading = envFile ? `, with the variables of \`${envFile}\`` : '';
  screen.say([['bold', `Verify ${entry}`], `: it is run as ${host} runs it, in a process of its own${reading}`]);
  screen.blank();
}

/** That a check has begun: on a terminal, in a line that its outcome takes the place of. */
export function showBegun(screen: Screen, title: string): void {
  if (!screen.live) return;
  const columns = Math.max((screen.layout.columns ?? 80) - 6, 10);
  screen.again(paint(screen.layout, [['dim', `  …  ${presentableInLine(title).slice(0, columns)}`]]));
}

/** One check as it ends, with what to do about it below its line. */
export function showCheck(screen: Screen, check: Check): void {
  if (screen.live) screen.again('');
  const { because, remedy, title } = check;
  const [mark, style] = markOf(check);
  const text: TableRow[1] = because ? [besides(screen, title, because), ['dim', because]] : title;
  const lines: TableRow[] = [[[[style, mark]], text]];
  if (check.ok === false && remedy) lines.push([' ', [['plain', `→ ${remedy}`]]]);
  screen.rows(lines);
}

/** The column in which reasons stand, where there is room for one beside its title. */
const column = 46;

function besides({ layout }: Screen, title: string, because: string): string {
  const room = (layout.columns ?? 120) - 5 - Math.max(column, title.length) - 2;
  return room >= because.length ? `${title.padEnd(column)}  ` : `${title}: `;
}

/** How many there were of each kind, and how long it took. */
export function tallyOf(checks: readonly Check[], ms: number): string {
  const counts = kinds.flatMap(({ mark, one, many }) => {
    const count = checks.filter((check) => markOf(check)[0] === mark).length;
    return count > 0 ? [`${count} ${count === 1 ? one : many}`] : [];
  });
  return `${counts.join(', ')}, in ${(ms / 1000).toFixed(1)} s`;
}

/** What may come of a check, in the order in which the last line counts them. */
const kinds = [
  { mark: '✗', one: 'failure', many: 'failures' },
  { mark: '!', one: 'warning', many: 'warnings' },
  { mark: '-', one: 'not checked', many: 'not checked' },
  { mark: '✓', one: 'as it should be', many: 'as they should be' },
];

function markOf({ ok, severity }: Check): readonly [mark: string, style: TextStyle] {
  if (ok === null) return ['-', 'dim'];
  if (ok) return ['✓', 'green'];
  return severity === 'warning' ? ['!', 'yellow'] : ['✗', 'red'];
}
