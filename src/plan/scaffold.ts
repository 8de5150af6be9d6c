import { formatCode } from '../edit/format.ts';
import type { Facts } from '../types.ts';

/** Whether the comment in what `flue init` wrote is still its own: then nothing of the project's is in it. */
export function isPlainScaffold(text: string): boolean {
  const comments = text.match(/\/\/.*|\/\*[\s\S]*?\*\//g) ?? [];
  return comments.every((one) => own.some((line) => one.includes(line)));
}

const own = [
  'Conversations, attachments, and accepted submissions are stored here so',
  'they survive a restart. Swap in another adapter',
  "when one host's SQLite file is no longer enough",
  'https://flueframework.com/docs/guide/database/',
  '//flueframework.com/docs/guide/database/',
];

/** What `flue init` wrote (`scaffold`), in the project's style; null where the place is not the one it writes to. */
export async function scaffoldFor(facts: Facts, entry: string, scaffold: string): Promise<string | null> {
  const two = /^2\./.test(facts.flue.value ?? '');
  if (!two || !/(?:^|\/)db\.ts$/.test(entry) || facts.entryOption) return null;
  const { style, eol } = facts.formatter.value;
  return (style ? await formatCode('db.ts', scaffold, style) : scaffold).replaceAll('\n', eol);
}
