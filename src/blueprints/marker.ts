/** `// flue-blueprint: database/postgres@1` on the first line of a db entry: which blueprint wrote it. */
export function readMarker(text: string): string | null {
  return /^\uFEFF?\/\/ flue-blueprint: (\S+)[ \t]*\r?(?:\n|$)/.exec(text)?.[1] ?? null;
}

/** Where a db entry that is not ours is kept when ours takes its place. */
export function formerOf(entry: string): string {
  return `${entry}.before-flue`;
}
