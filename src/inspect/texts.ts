import { bringing } from '../code/bringing.ts';
import { takesConnection } from '../knowledge/engines/packages.ts';
import { wholeWord } from '../pattern.ts';

// What the text of a file tells before it is parsed: this only decides whether it is worth that.

/** A package that a text brings in, with the words in front of it. */
const brought = new RegExp(`${bringing}['"\`]([@a-z][\\w./@:-]{1,80})['"\`]`, 'g');

/** Whether a text has one of those names. */
export function hasName(text: string, isNamed: (word: string) => boolean): boolean {
  for (const [word] of text.matchAll(/\b[A-Z][A-Z0-9_]{2,80}\b/g)) if (isNamed(word)) return true;
  return false;
}

/** Whether a text calls something of a package that connects to a database. */
export function callsPackage(text: string, isConnecting: (specifier: string) => boolean): boolean {
  return broughtIn(text).some((match) => isConnecting(match[1]!) && isCalled(text, match));
}

/** What stands in front of `import('x')` where JSDoc names a type: its line begins as a comment does, and has a tag. */
const typeInDocs = /(?:^|\n)[ \t]*\/?\*[^\n]*@\w[^\n]*$/;

/** The packages that a text brings in, as far as it tells. */
export function broughtIn(text: string): RegExpExecArray[] {
  const isType = ({ 0: words, index: at }: RegExpExecArray) =>
    words.startsWith('import') && typeInDocs.test(text.slice(Math.max(0, at - 200), at));
  return [...text.matchAll(brought)].filter((match) => !isType(match));
}

/**
 * Whether something of what an import brings is called: entities and models bring decorators and types by the hundred.
 * What is brought without a clause, as by `require()`, counts as called.
 */
function isCalled(text: string, { 0: words, 1: from, index: at }: RegExpExecArray): boolean {
  if (!words.startsWith('from')) return true;
  const before = text.slice(Math.max(0, at - 520), at);
  const clause = /\b(?:import|export)\s+(?!type\b)([^'"`;=()]{1,500})$/.exec(before)?.[1];
  if (clause === undefined) return !/\b(?:import|export)\s+type\b[^'"`;]*$/.test(before);
  const listed = /(?:^|[\s,{])(?!type\s)(?:([\w$*]+)\s+as\s+)?([\w$]+)(?=\s*(?:[,}]|$))/g;
  const isList = clause.startsWith('{');
  const names = [...clause.matchAll(listed)].flatMap(([, imported, local]) =>
    isList && !takesConnection(from!, imported ?? local!) ? [] : [local!],
  );
  const below = text.slice(at);
  return names.some((name) => below.includes(name, 1) && usesOf(name).some((use) => use.test(below)));
}

/** How a name may be called, be handed to a call, be taken apart or be a class that others extend: no type's ways. */
function usesOf(name: string): RegExp[] {
  const written = wholeWord(name);
  const path = `${written}(?:\\s*\\??\\.\\s*[\\w$]+)*`;
  return [
    // With type arguments only where a bracket follows: `Prisma.UserGetPayload<{ … }>` is a type.
    new RegExp(`(?<![@.\\w$])${path}\\s*(?:<(?:[^;={}]|\\{[^{}]{0,300}\\}){1,300}?>\\s*)?(?:\\?\\.)?\\(`),
    new RegExp(`[(,]\\s*${written}\\s*[,)]`),
    new RegExp(`\\}\\s*=\\s*(?:await\\s+)?${written}`),
    new RegExp(`\\bclass\\b[^;{}]{0,300}?\\bextends\\s+${path}`),
  ];
}
