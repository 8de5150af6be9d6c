/** What frameworks put before the names of variables that they send to browsers. */
const publicPrefix = /^(?:VITE|NEXT_PUBLIC|PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|REACT_APP|GATSBY)_/;

/** Whether all of the names are of those that frameworks put into what they send to browsers. */
export function isPublic(names: readonly string[]): boolean {
  const builtIn = /^(?:MODE|DEV|PROD|SSR|BASE_URL)$/;
  return names.length > 0 && names.every((name) => publicPrefix.test(name) || builtIn.test(name));
}

/** Whether it is a test's or a shadow's: no neighbour for what the program reads. */
export function isBeside(name: string): boolean {
  return /(?:^|_)(?:TEST|SHADOW)_/.test(name);
}

/** Words for the program itself: names that begin with one of them are about no other service. */
const ofProgram = /^(?:APP|API|SERVER|SERVICE|BACKEND|WEB|HTTP|NODE|LOG|ENV|MY)$/;

/**
 * What all of the names are about, as their first word says, where that is one thing other than the program: `CLERK` of
 * `NEXT_PUBLIC_CLERK_KEY` and `CLERK_SECRET_KEY`. `program`: what the program is called.
 */
export function subjectOf(names: readonly string[], program: string): string | null {
  const [first, ...others] = new Set(names.map((name) => name.replace(publicPrefix, '').split('_')[0]!));
  if (!first || others.length > 0 || ofProgram.test(first)) return null;
  return lettersOf(program).includes(lettersOf(first)) ? null : first;
}

/** Whether a text has that word, whatever its case. */
export function hasWord(text: string, word: string): boolean {
  return text.split(/[^\p{L}\p{N}]+/u).some((one) => lettersOf(one) === lettersOf(word));
}

/** Whether a text has all of the words of another, whatever their case. */
export function hasWords(text: string, words: string): boolean {
  return words.split(/\s+/).every((word) => lettersOf(word) === '' || hasWord(text, word));
}

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
