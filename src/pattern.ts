/** A text as a part of a pattern that matches this text alone. Names of other people may hold any sign. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A name as a pattern for the whole word, from its beginning on. */
export function wholeWord(name: string): string {
  return `${literally(name)}(?![\\w$])`;
}
