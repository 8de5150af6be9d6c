import { presentable, presentableInLine } from './untrusted.ts';

/** Text with the one style it has; a bare string has none. */
export type StyledText = string | readonly [style: TextStyle, text: string];

/** A style that a text may have on a terminal. */
export type TextStyle = keyof typeof codes;

const codes = { plain: 0, bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36, gray: 90 };

/** How lines are laid out: how wide (null: never broken), in colour or not, and what breaks them. */
export interface Layout {
  columns: number | null;
  colour: boolean;
  /** Breaks painted text at words, and words that are too long wherever it must. */
  wrap(text: string, columns: number): string;
}

/** A row of two columns. */
export type TableRow = readonly [label: readonly StyledText[] | string, text: readonly StyledText[] | string];

/** One paragraph as lines. `first`: what stands before its first line; the others hang below its text. */
export function paragraph(layout: Layout, spans: readonly StyledText[] | string, first = ''): string[] {
  const lines = broken(layout, paint(layout, spans, presentable), first.length);
  const hang = ' '.repeat(first.length);
  return lines.map((line, i) => `${i === 0 ? first : hang}${line}`.trimEnd());
}

/** Below this width a row's text stands under its label. */
const narrow = 60;

/** Labels up to this length leave room for the text beside them at any width. */
const short = 12;

/** Rows as lines. A label that is longer than its column has a line of its own. */
export function rows(layout: Layout, list: readonly TableRow[], indent = 2): string[] {
  const { columns } = layout;
  const left = ' '.repeat(indent);
  const lengths = list.map(([label]) => lengthOf(label));
  const most = columns === null ? Number.POSITIVE_INFINITY : Math.floor(columns * 0.42);
  const column = Math.max(0, ...lengths.filter((length) => length <= most));
  const isNarrow = columns !== null && columns < narrow && Math.max(0, ...lengths) > short;
  const at = isNarrow ? indent + 4 : indent + column + 2;
  return list.flatMap(([label, text]) => {
    const head = paint(layout, label, presentableInLine);
    const body = paint(layout, text, presentableInLine);
    if (body === '') return broken(layout, head, indent).map((line) => `${left}${line}`);
    const lines = broken(layout, body, at).map((line) => `${' '.repeat(at)}${line}`);
    const length = lengthOf(label);
    if (length > column || (isNarrow && indent + length + 2 > at))
      return [...broken(layout, head, indent).map((line) => `${left}${line}`), ...lines];
    return [`${left}${head}${' '.repeat(at - indent - length)}${lines[0]!.slice(at)}`, ...lines.slice(1)];
  });
}

/** Spans as one text, each through the door for untrusted text and then in its colour. */
export function paint(
  { colour }: Pick<Layout, 'colour'>,
  spans: readonly StyledText[] | string,
  door: (text: string) => string = presentable,
): string {
  const list: readonly StyledText[] = typeof spans === 'string' ? [spans] : spans;
  return list
    .map((span) => {
      if (typeof span === 'string') return door(span);
      const [style, text] = span;
      return colour && text !== '' && style !== 'plain' ? `\u001b[${codes[style]}m${door(text)}\u001b[0m` : door(text);
    })
    .join('');
}

function broken({ columns, wrap }: Layout, text: string, indent: number): string[] {
  if (columns === null) return text.split('\n');
  return wrap(text, Math.max(columns - indent, 16)).split('\n');
}

function lengthOf(spans: readonly StyledText[] | string): number {
  return paint({ colour: false }, spans, presentableInLine).length;
}
