import type { Check } from '../types/verify.ts';
import { bold, dim, green, red, say, yellow } from './human.ts';

/** What is about to be done, before any code of the project runs. */
export function sayBeginning(entry: string, envFile: string | null): void {
  const reading = envFile ? `, with the variables of \`${envFile}\`` : '';
  say(`${bold(`Verify ${entry}`)}: it is run as Flue runs it, in a process of its own${reading}`);
  say('');
}

/** One check as it ends, with what to do about it below its line. */
export function sayCheck(check: Check): void {
  const because = check.because ? `  ${dim(check.because)}` : '';
  say(`  ${markOf(check)} ${because ? check.title.padEnd(52) : check.title}${because}`);
  if (check.ok === false && check.remedy) say(`      ${check.remedy}`);
}

/** How many there were of each kind, and how long it took. */
export function sayTally(checks: readonly Check[], ms: number): void {
  const count = (mark: string) => checks.filter((check) => plainMarkOf(check) === mark).length;
  const counts = ['✗', '!', '-', '✓'].flatMap((mark) => (count(mark) > 0 ? [`${count(mark)} ${mark}`] : []));
  say('');
  say(`${counts.join('  ')}  in ${(ms / 1000).toFixed(1)} s`);
}

function plainMarkOf({ ok, severity }: Check): string {
  if (ok === null) return '-';
  if (ok) return '✓';
  return severity === 'warning' ? '!' : '✗';
}

const colours: Record<string, (text: string) => string> = { '✓': green, '!': yellow, '✗': red, '-': dim };

function markOf(check: Check): string {
  const mark = plainMarkOf(check);
  return colours[mark]!(mark);
}
