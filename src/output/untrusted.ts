import { withoutCredentials } from './credentials.ts';

/**
 * The door through which every text passes before it reaches a terminal. Names, paths, comments and a program's last
 * lines come from the project, and a terminal obeys what it reads.
 */

/** Control characters (C0, DEL, C1) but tab and the end of a line. */
const controls = String.raw`\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f`;
/** What turns, hides or breaks lines of text (Unicode TR36, TR39). */
const disguises = String.raw`\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufff9-\ufffb\u{e0000}-\u{e007f}`;
const obeyed = new RegExp(String.raw`[${controls}${disguises}]|\r(?!\n)`, 'gu');

/**
 * The text without credentials, and with every such character written out: `\u001b` for ESC. Newlines and tabs stay.
 */
export function presentable(text: string): string {
  return withoutCredentials(text).replace(obeyed, written);
}

/** The same for what stands inside a line, where a newline would begin another: it is written out, too. */
export function presentableInLine(text: string): string {
  return presentable(text).replaceAll('\r\n', '\\r\\n').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** A text of JSON that says the same with every such character escaped: what prints it may be a terminal. */
export function presentableJson(text: string): string {
  return text.replace(obeyed, (character) => character.split('').map(written).join(''));
}

function written(character: string): string {
  const code = character.codePointAt(0)!;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
