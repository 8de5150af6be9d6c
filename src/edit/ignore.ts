import { onlyInserts, type Refusal, splice } from './splice.ts';

/**
 * Adds a pattern to the text of a .gitignore, as its last line; the same text where the pattern, or one for what is
 * below it, is there.
 */
export function addPattern(text: string, pattern: string): { text: string } | Refusal {
  const bare = (line: string) => line.trim().replace(/^\/|\/$/g, '');
  if (text.split('\n').some((line) => bare(line) === bare(pattern) || bare(line).startsWith(pattern))) return { text };
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const open = text !== '' && !text.endsWith('\n');
  const insertion = { at: text.length, text: open ? `${eol}${pattern}` : `${pattern}${eol}` };
  const after = splice(text, [insertion]);
  return onlyInserts(text, after, [insertion]) ? { text: after } : { refused: 'the edit did not prove clean' };
}
