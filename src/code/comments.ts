/** Code with a space for each comment; what looks like one inside a string is none. */
export function withoutComments(text: string): string {
  return text.replace(/(["'])(?:\\.|(?!\1)[^\\\n])*\1|`(?:\\.|[^\\`])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (match) =>
    match.startsWith('/') ? ' ' : match,
  );
}
