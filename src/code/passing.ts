import { kept } from '../memo.ts';
import { wholeWord } from '../pattern.ts';
import type { SourceCode } from './source-code.ts';

/** What the text of a module says of how it exports what it does not declare in the same place. */
export interface Passing {
  /** All that another module exports. */
  whole: boolean;
  /** Names that it may have imported. */
  names: boolean;
  /** Names otherwise than in plain declarations: in lists, patterns and objects. */
  lists: boolean;
  /** Whether a text is written in it that may be the name of a variable, or a part of one. */
  texts: boolean;
}

/** What a module passes on, by its text; of each asked once. */
export function passingOf({ project, known: { passing } }: SourceCode, path: string): Passing {
  return kept(passing, path, () => {
    const text = project.read(path) ?? '';
    const whole = /\bexport\s*\*/.test(text);
    return {
      whole,
      names: whole || /\bexport\s*\{|\bmodule\.exports\b/.test(text),
      lists: whole || /\bexport\s*(?:(?:type|const|let|var)\s*)?[{[=@/]|\bexports\b/.test(text),
      texts: /['"`][A-Z_][A-Z0-9_]*['"`]/.test(text),
    };
  });
}

/** Whether the text of a module says that it may export a name: the parser is for those that may. */
export function mayExport(code: SourceCode, path: string, name: string): boolean {
  if (name === '*' || name === 'default') return true;
  const text = code.project.read(path) ?? '';
  const { whole, lists } = passingOf(code, path);
  return whole || (text.includes(name) && (lists || declaring(name).test(text)));
}

/** `export async function name`, and the second of `export let one, name`. */
function declaring(name: string): RegExp {
  const word = wholeWord(name);
  return new RegExp(`\\bexport(?:\\s+[a-z]+){1,6}\\s*\\*?\\s*${word}|,\\s*${word}`);
}

/**
 * Whether the text of a module plainly declares and exports a function of that name, or a class that extends no other.
 */
export function declaresCode({ project }: SourceCode, path: string, name: string): boolean {
  const text = project.read(path) ?? '';
  const kinds = '(?:async )?function |(?:abstract )?class ';
  const isThere = text.includes(`function ${name}`) || text.includes(`class ${name}`);
  return isThere && new RegExp(`^export (?:${kinds})${wholeWord(name)}(?![^{\\n]{0,200}\\bextends\\b)`, 'm').test(text);
}
