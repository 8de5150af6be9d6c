import { wholeWord } from '../pattern.ts';
import type { Add } from './revert.ts';

/**
 * A text without what was imported for what is gone from it, where the edit gives the whole text again from that;
 * else as it was.
 */
export async function withoutImports(candidate: string, text: string, add: Add): Promise<string> {
  const times = (word: string, where: string) => where.split(new RegExp(`(?<![\\w$])${wholeWord(word)}`)).length - 1;
  const imported = [...text.matchAll(/^import\s*\{([^}]*)\}/gm)].flatMap(
    (match) => match[1]!.match(/[A-Za-z_]\w*/g) ?? [],
  );
  for (const word of new Set(imported)) {
    if (times(word, candidate) !== 1 || times(word, text) < 2) continue;
    for (const part of [`,\\s*${word}\\b`, `\\b${word}\\s*,\\s*`]) {
      const shorter = candidate.replace(new RegExp(part), '');
      const again = shorter === candidate ? null : await add(shorter);
      if (again && 'text' in again && again.text === text) return shorter;
    }
  }
  return candidate;
}
