import { stripVTControlCharacters } from 'node:util';

/**
 * How much of a program's output is kept, in characters: the beginning, where some say what is wrong, and the end,
 * where others do.
 */
const limits = { start: 4 * 1024, end: 64 * 1024, line: 400 };

/** How many lines are shown of each. */
const shown = { start: 3, end: 12 };

/** What a program prints, as far as it is kept, however much it is. */
export class Output {
  #start = '';
  #end = '';
  #length = 0;
  readonly #seen = new Set<string>();
  readonly #codes: readonly string[];

  /** `codes`: what to look for in all of it. */
  constructor(codes: readonly string[]) {
    this.#codes = codes;
  }

  /** Takes a piece as it comes. */
  add(piece: string): void {
    if (this.#start.length < limits.start) this.#start = (this.#start + piece).slice(0, limits.start);
    // Together with what came before, as a code may be cut in two.
    this.#end += piece;
    this.#length += piece.length;
    for (const code of this.#codes) if (this.#end.includes(code)) this.#seen.add(code);
    if (this.#end.length > limits.end) this.#end = this.#end.slice(-limits.end / 2);
  }

  /** Whether a code was printed. */
  has(code: string): boolean {
    return this.#seen.has(code);
  }

  /** The first and the last lines that say anything, each indented by two and cut where it is long; without colours. */
  lines(): string {
    const end = linesOf(this.#end);
    const whole = this.#length === this.#end.length;
    if (whole && end.length <= shown.start + shown.end) return end.join('');
    const start = linesOf(this.#start).slice(0, shown.start);
    return [...start, '\n  …', ...end.slice(-shown.end)].join('');
  }
}

function linesOf(text: string): string[] {
  return stripVTControlCharacters(text)
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => `\n  ${line.length > limits.line ? `${line.slice(0, limits.line)} …` : line}`);
}
