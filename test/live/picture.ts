/**
 * A terminal's screen as an SVG: one `<text>` for each stretch of one style, at its column, so that no font shifts what
 * comes after it.
 */

const colours: Record<string, string> = {
  red: '#ff7b72',
  green: '#7ee787',
  yellow: '#e3b341',
  blue: '#79c0ff',
  magenta: '#d2a8ff',
  cyan: '#76e3ea',
  gray: '#8b949e',
};
const [cell, line, margin, bar] = [8.4, 19, 18, 36];

/**
 * @param styled the lines of a screen, with the style of each stretch: `{green}Done.{/}`, as `atTerminal` gives them
 * @param columns the width of the terminal
 */
export function picture(styled: string, columns: number, title: string): string {
  const lines = styled.split('\n');
  const [width, height] = [columns * cell + 2 * margin, lines.length * line + bar + margin];
  const body = lines.flatMap((text, row) => stretches(text).map((one) => drawn(one, bar + 14 + row * line)));
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, index) => `<circle cx="${margin + index * 18}" cy="18" r="5.5" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>text { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre }</style>`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    ...dots,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

interface Stretch {
  column: number;
  style: string[];
  text: string;
}

function stretches(text: string): Stretch[] {
  const parts = text.split(/(\{(?:\/|[a-z]+(?: [a-z]+)*)\})/);
  const found: Stretch[] = [];
  let [column, style]: [number, string[]] = [0, []];
  for (const part of parts) {
    if (/^\{.*\}$/.test(part)) style = part === '{/}' ? [] : part.slice(1, -1).split(' ');
    else {
      if (part.trim()) found.push({ column, style, text: part });
      column += part.length;
    }
  }
  return found;
}

function drawn({ column, style, text }: Stretch, y: number): string {
  const indent = text.length - text.trimStart().length;
  const shown = text.trim();
  const colour = style.map((one) => colours[one]).find(Boolean) ?? (style.includes('dim') ? '#9aa4af' : '#e6edf3');
  const x = (margin + (column + indent) * cell).toFixed(1);
  const bold = style.includes('bold') ? ' font-weight="bold"' : '';
  const length = (shown.length * cell).toFixed(1);
  return `<text x="${x}" y="${y}" textLength="${length}" fill="${colour}"${bold}>${escaped(shown)}</text>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
