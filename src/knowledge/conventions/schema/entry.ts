import { importedFrom, importList, type Module } from '../../../code/module.ts';
import { type Entries, insertEntry, type ListEntry } from '../../../edit/insert.ts';
import type { Insertion, Refusal } from '../../../edit/splice.ts';
import type { DocDeclaration } from '../convention.ts';
import type { Validator } from './validator.ts';

/** A variable to be written into a schema. */
export interface SchemaEntry extends DocDeclaration {
  /** Whether the program must not start without it. */
  required: boolean;
}

/** Where an entry goes, and what it may be written like. */
export interface EntryPlace {
  module: Module;
  list: Entries;
  /** The entry it follows, else the first; `text` is '' where the list is empty. */
  neighbour: { key: string; text: string };
  /** The quotation mark of its neighbour. */
  quote: string;
  variable: SchemaEntry;
  emptyIsAbsent: boolean;
  validators: readonly Validator[];
}

/** An entry: its lines, and what has to be imported for it. */
interface WrittenEntry {
  lines: string[];
  /** The same over several lines, where one is too long; indented by that. */
  broken?: (indent: string) => string[];
  imports?: { names: string[]; from: RegExp };
}

/** Writes an entry of a list. */
export type WriteEntry = (place: EntryPlace) => WrittenEntry | Refusal;

/** The value itself, as the neighbour reads its own where that is a plain reading: `X: process.env.X`. */
export const mirrored: WriteEntry = ({ neighbour: { key, text }, variable: { name } }) => {
  const value = /:\s*([\w.]+(?:\.(\w+)|\[["'](\w+)["']\]))$/.exec(text);
  const plain = value && key !== '' && (value[2] ?? value[3]) === key;
  return { lines: [`${keyLike(text, name)}: ${plain ? value[1]!.replace(key, name) : `process.env.${name}`}`] };
};

/** A key in the quotes of its neighbour's, if it has any. */
export function keyLike(neighbour: string, name: string): string {
  const quote = /^["']/.exec(neighbour)?.[0] ?? '';
  return `${quote}${name}${quote}`;
}

/**
 * The insertions that import those names where the module imports others of the library; null where it has no list of
 * them.
 */
export function importInsertions(
  module: Module,
  { names, from }: { names: string[]; from: RegExp },
): Insertion[] | null {
  const there = [...importedFrom(module, from).values()];
  const missing = names.filter((name) => !there.includes(name));
  if (missing.length === 0) return [];
  const list = importList(module, from);
  return list && insertEntry(module.text, list, list.entries.length - 1, [missing.join(', ')]);
}

/**
 * The lines of an entry as a formatter would leave them: broken where one line is too long, or longer than one that was
 * broken.
 */
export function linesOf({ lines, broken }: WrittenEntry, place: EntryPlace, indent: string): string[] {
  if (!broken || lines.length > 1) return lines;
  const length = indent.length + lines[0]!.length + 1;
  const { list, module, variable } = place;
  const texts = list.entries.map(({ start, end }: ListEntry) => module.text.slice(start, end));
  const split = texts.filter((text) => text.includes('\n'));
  const shorter = split.some((text) => indent.length + onOneLine(text).length < length);
  const unbroken = texts.some((text) => !text.includes('\n') && indent.length + text.length >= length);
  const tooLong = variable.width !== null && length > variable.width;
  if (!shorter && !(tooLong && !unbroken)) return lines;
  const inner = split.map((text) => /\n([ \t]+)/.exec(text)?.[1]).find((one) => one?.startsWith(indent));
  return broken(inner?.slice(indent.length) || (indent.includes('\t') ? '\t' : '  '));
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replace(/,(?=\s*[})\]]+$)/, '');
}
