/** Text put in at an offset (UTF-16 units, as `String.slice` counts). */
export interface Insertion {
  at: number;
  text: string;
}

/** Why an edit was not made; the file is left alone and the reason is shown. */
export interface Refusal {
  refused: string;
}

/** Puts the insertions into `text`; offsets are those of `text` itself, in any order. */
export function splice(text: string, insertions: readonly Insertion[]): string {
  let out = '';
  let from = 0;
  for (const { at, text: inserted } of inOrder(insertions)) {
    out += text.slice(from, at) + inserted;
    from = at;
  }
  return out + text.slice(from);
}

/** The first half of every proof: `after` without the inserted spans is `before`, byte for byte. */
export function onlyInserts(before: string, after: string, insertions: readonly Insertion[]): boolean {
  let rest = '';
  let from = 0;
  let shift = 0;
  for (const { at, text } of inOrder(insertions)) {
    if (after.slice(at + shift, at + shift + text.length) !== text) return false;
    rest += after.slice(from, at + shift);
    shift += text.length;
    from = at + shift;
  }
  return rest + after.slice(from) === before;
}

function inOrder(insertions: readonly Insertion[]): Insertion[] {
  return [...insertions].sort((a, b) => a.at - b.at);
}
