/**
 * The scripts of a Vue, Svelte or Astro component as one module, everything else as spaces, so that offsets stay those
 * of the file. Null where it has none. Scans once, from the beginning to the end.
 */
export function scriptsOf(path: string, text: string): string | null {
  const spans = path.endsWith('.astro') ? frontmatter(text) : scriptElements(text);
  if (spans.length === 0) return null;
  let module = '';
  for (const [start, end] of spans) {
    module += blank(text.slice(module.length, start)) + text.slice(start, end);
  }
  return module + blank(text.slice(module.length));
}

type Span = [start: number, end: number];

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

/** Between the first `---` and the next, before anything else. */
function frontmatter(text: string): Span[] {
  const opens = /^\uFEFF?\s*---[ \t]*\r?\n/.exec(text);
  const closes = opens ? text.indexOf('\n---', opens[0].length - 1) : -1;
  return opens && closes >= 0 ? [[opens[0].length, closes + 1]] : [];
}

/** What stands between `<script …>` and `</script>`, other languages than JavaScript and TypeScript aside. */
function scriptElements(text: string): Span[] {
  const spans: Span[] = [];
  const opening = /<script\b((?:"[^"]{0,1000}"|'[^']{0,1000}'|[^'">]){0,200})>|<!--/gi;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const comment = match[1] === undefined;
    const closing = text.indexOf(comment ? '-->' : '</script', opening.lastIndex);
    if (closing < 0) break;
    const foreign = /\b(?:src|type)\s*=\s*["']?(?!(?:text\/|application\/)?(?:java|ecma|type)script|module\b)/i;
    if (!comment && !foreign.test(match[1]!)) spans.push([opening.lastIndex, closing]);
    opening.lastIndex = closing;
  }
  return spans;
}
