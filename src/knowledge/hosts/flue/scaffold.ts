import { formatCode } from '../../../edit/format.ts';
import type { Facts } from '../../../types/facts.ts';

/** What `flue init` wrote (`scaffold`), in the project's style; null where the place is not the one it writes to. */
export async function scaffoldFor(facts: Facts, entry: string, scaffold: string): Promise<string | null> {
  const two = /^2\./.test(facts.flue.value ?? '');
  if (!two || !/(?:^|\/)db\.ts$/.test(entry) || facts.entryOption) return null;
  const { style, eol } = facts.formatter.value;
  return (style ? await formatCode('db.ts', scaffold, style) : scaffold).replaceAll('\n', eol);
}
