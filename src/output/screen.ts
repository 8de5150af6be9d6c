import { type Layout, paint, paragraph, rows, type StyledText, type TableRow } from './layout.ts';
import { columnsOf, hasColour, write } from './stream.ts';

/** A standard stream as people read it. */
export interface Screen {
  layout: Layout;
  /** Whether it is a terminal, on which a line can be written again. */
  live: boolean;
  /** One paragraph; `first` stands before it, and its other lines hang below its text. */
  say(spans: readonly StyledText[] | string, first?: string): void;
  rows(list: readonly TableRow[], indent?: number): void;
  blank(): void;
  /** The last line once more, in place of what it was; '' takes it away. */
  again(text: string): void;
}

/**
 * Opens stdout or stderr for people to read. `framed`: between prompts, whose bar then stands before every line. What
 * breaks lines is loaded only where there is a terminal.
 */
export async function openScreen(descriptor: 1 | 2, framed = false): Promise<Screen> {
  const columns = columnsOf(descriptor);
  const colour = hasColour(descriptor);
  const bar = framed ? `${paint({ colour }, [['gray', '│']])}  ` : '';
  const wrap = columns === null ? (text: string) => text : await wrapper();
  const layout: Layout = { columns: columns && columns - (framed ? 3 : 0), colour, wrap };
  const put = (lines: readonly string[]) =>
    write(
      descriptor,
      lines
        .map((line) => `${bar}${line}`.trimEnd())
        .join('\n')
        .concat('\n'),
    );
  return {
    layout,
    live: columns !== null && process.env.TERM !== 'dumb',
    say: (spans, first) => put(paragraph(layout, spans, first)),
    rows: (list, indent) => list.length > 0 && put(rows(layout, list, indent)),
    blank: () => put(['']),
    again: (text) => write(descriptor, `\r\u001b[2K${text === '' ? '' : `${bar}${text}`}`),
  };
}

async function wrapper(): Promise<Layout['wrap']> {
  const { wrapAnsi } = await import('fast-wrap-ansi');
  return (text, columns) => wrapAnsi(text, columns, { hard: true, trim: true });
}
