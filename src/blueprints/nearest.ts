/**
 * The name that was probably meant: at most two letters away, and no more than a third of the word; null where none is
 * that near.
 */
export function nearest(word: string, names: readonly string[]): string | null {
  const limit = Math.min(2, Math.floor(word.length / 3));
  let found: { name: string; far: number } | null = null;
  for (const name of names) {
    const far = distance(word.slice(0, 64).toLowerCase(), name);
    if (far <= limit && (!found || far < found.far)) found = { name, far };
  }
  return found?.name ?? null;
}

/** Edits between two words: insert, delete, replace, and exchange two neighbours. */
function distance(a: string, b: string): number {
  let [above, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, above[j - 2]! + 1);
      next.push(least);
    }
    [above, row] = [row, next];
  }
  return row.at(-1)!;
}
