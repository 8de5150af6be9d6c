/** A text as a part of a pattern that matches this text alone. Names of other people may hold any sign. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
