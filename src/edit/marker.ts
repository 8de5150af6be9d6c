/** `// flue-blueprint: database/postgres@1` on the first line of a db entry: which blueprint wrote it. */
export function readMarker(text: string): string | null {
  return /^\uFEFF?\/\/ flue-blueprint: (\S+)[ \t]*\r?(?:\n|$)/.exec(text)?.[1] ?? null;
}
