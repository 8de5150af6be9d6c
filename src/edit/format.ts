import type { FormatOptions } from '../types/facts.ts';

/**
 * The text of a module as a project's formatter would leave it, with LF. Only for text of ours: the user's own is never
 * printed anew.
 */
export async function formatCode(file: string, text: string, style: FormatOptions): Promise<string> {
  const [{ format }, babel, estree] = await Promise.all([
    import('prettier/standalone'),
    import('prettier/plugins/babel'),
    import('prettier/plugins/estree'),
  ]);
  const parser = /\.m?ts$/.test(file) ? 'babel-ts' : 'babel';
  return format(text, { ...style, filepath: file, endOfLine: 'lf', parser, plugins: [babel, estree] });
}

/**
 * What is left of a module when its formatting is taken away: no line is broken for its length. Null where it does not
 * parse.
 */
export async function withoutFormatting(file: string, text: string): Promise<string | null> {
  try {
    return await formatCode(file, text, { printWidth: 10_000, singleQuote: true, objectWrap: 'collapse' });
  } catch {
    return null;
  }
}

/** Whether two texts of a module differ in nothing but their formatting. */
export async function isSameCode(file: string, one: string, other: string): Promise<boolean> {
  const lines = (text: string) => text.replaceAll('\r\n', '\n');
  if (lines(one) === lines(other)) return true;
  const bare = await withoutFormatting(file, one);
  return bare !== null && bare === (await withoutFormatting(file, other));
}
