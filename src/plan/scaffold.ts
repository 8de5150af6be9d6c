import { formatCode } from '../edit/format.ts';
import type { Facts, Found } from '../types.ts';

/**
 * What `flue init` wrote (`scaffold`), in the project's style, where the project shows that it did: 2.x, TypeScript, and the data folder of
 * that file in the .gitignore. Null elsewhere.
 */
export async function scaffoldFor(facts: Facts, entry: string, scaffold: string): Promise<Found<string> | null> {
  const ignores = facts.files['.gitignore']?.split(/\r?\n/).some((line) => /^\/?data\/?$/.test(line.trim()));
  const two = /^2\./.test(facts.flue.value ?? '');
  if (!ignores || !two || !/(?:^|\/)db\.ts$/.test(entry) || facts.entryOption) return null;
  const { style, eol } = facts.formatter.value;
  const text = style ? await formatCode('db.ts', scaffold, style) : scaffold;
  return {
    value: text.replaceAll('\n', eol),
    because: 'the embedded default again, as `flue init` writes it: `.gitignore` has its `data/`',
  };
}
