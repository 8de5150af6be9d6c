import { literally } from '../pattern.ts';
import type { Driver } from '../types/blueprint.ts';

/**
 * A blueprint's template as the text of the named db entry (`db.ts`, `db.mjs`). JavaScript is derived from the
 * TypeScript, never written twice.
 */
export async function templateFor(file: string, template: string): Promise<string> {
  const named = template.replaceAll('db.ts', file);
  if (/\.m?ts$/.test(file)) return named;
  const { eraseTypes } = await import('./erase-types.ts');
  return eraseTypes(named);
}

/** Which of a driver's templates: the one for a client that the project makes, or its own. */
export function templateOf(driver: Driver, client: object | null | undefined): string {
  return (client && driver.client?.file) || driver.file;
}

/** Every whole-word canonical name becomes the project's; `process.env.NAME` becomes the convention's expression. */
export function nameIn(template: string, names: Record<string, string>, expression: (name: string) => string): string {
  return template.replace(wholeWords(Object.keys(names)), (_, property: string | undefined, word: string) =>
    property ? expression(names[word]!) : names[word]!,
  );
}

/** One import more, below those of the template. */
export function withImport(template: string, line: string | null): string {
  return line === null ? template : template.replace(/(?:^import [^;]*;\n)+/m, (imports) => `${imports}${line}\n`);
}

/** A TypeScript db entry that asks for declarations itself, below its marker: `types="node"`, `lib="es2022.error"`. */
export function withReferences(text: string, references: readonly string[]): string {
  const lines = references.map((one) => `/// <reference ${one} />\n`).join('');
  return text.replace('\n', `\n${lines}`);
}

/** A db entry as it is for a compiler of the usual settings: what `withReferences` and brackets did, undone. */
export function withoutSettings(text: string): string {
  return text
    .replace(/^([^\r\n]*\r?\n)(?:\/\/\/ <reference (?:types=(['"])node\2|lib=(['"])es2022\.error\3) \/>\r?\n)+/, '$1')
    .replace(/process\.env\[(['"])([A-Za-z_]\w*)\1\]/g, 'process.env.$2');
}

/** Whether a template gives an error its cause, which a library older than ES2022 does not know. */
export function givesCause(template: string): boolean {
  return /new Error\([^;]*, \{ cause\b/.test(template);
}

/** Packages that a template takes whole by a default import, and subpaths of packages that it imports. */
export function packageImports(template: string): { defaults: string[]; subpaths: string[] } {
  const imports = [...template.matchAll(/^import (?:(?<whole>\w+),? )?[^;]*?'(?<from>[@\w][^':]*)';$/gm)];
  const named = imports.map(({ groups }) => ({ whole: groups!.whole, from: groups!.from! }));
  return {
    defaults: named.filter(({ whole }) => whole && whole !== 'type').map(({ from }) => from),
    subpaths: named.map(({ from }) => from).filter((from) => /^(?:@[^/]+\/)?[^@/][^/]*\//.test(from)),
  };
}

/** The line by which a template imports the client that the project makes. */
const placeholder = /^import \{ client \} from '#clients\/[\w-]+';\n/m;

/** A template for the project's own client, with that client in it. */
export function withClient(template: string, client: { specifier: string; export: string }): string {
  const line = `import ${importClause(client.export)} from '${client.specifier}';\n`;
  return template.replace(placeholder, () => line);
}

/** What stands between `import` and `from`, so that an export is called `client`. */
function importClause(exported: string): string {
  if (exported === 'default') return 'client';
  return exported === 'client' ? '{ client }' : `{ ${exported} as client }`;
}

/** The client that a db entry uses, and its text without that import; null where it imports none. */
export function clientIn(text: string): { client: { specifier: string; export: string }; rest: string } | null {
  const line = /^import\s+(?:client|\{\s*(?:([\w$]+)\s+as\s+)?client,?\s*\})\s+from\s+(['"])([^'"]+)\2;?\r?\n/m;
  const found = line.exec(text);
  if (!found) return null;
  const exported = found[1] ?? (found[0].includes('{') ? 'client' : 'default');
  return { client: { specifier: found[3]!, export: exported }, rest: text.replace(line, '') };
}

/** A template for the project's own client without the line that imports it. */
export function withoutClient(template: string): string {
  return template.replace(placeholder, '');
}

/**
 * A db entry that reads its variables from a module, as one that reads `process.env`: what `withImport` and its
 * expression did, undone.
 */
export function withoutImport(text: string, line: string | null, expression: (name: string) => string): string {
  if (line === null || !text.includes(line)) return text;
  const [before, after] = expression('NAME').split('NAME') as [string, string];
  const reading = new RegExp(`(?<![\\w$.])${literally(before)}([A-Za-z_]\\w*)${literally(after)}`, 'g');
  return text.replace(new RegExp(`${literally(line)}\\r?\\n`), '').replace(reading, 'process.env.$1');
}

/**
 * The other direction: if `text` is the template with some names in it and nothing else changed, those names, by
 * canonical name; null otherwise. Line endings do not count.
 */
export function readBack(template: string, canonical: readonly string[], text: string): Record<string, string> | null {
  const groups = new Map<string, string>();
  const parts = template.split(wholeWords(canonical));
  let pattern = '';
  for (let i = 0; i < parts.length; i += 3) {
    pattern += literally(parts[i]!);
    const word = parts[i + 2];
    if (word === undefined) continue;
    pattern += literally(parts[i + 1] ?? '');
    const seen = groups.get(word);
    pattern += seen ?? '([A-Za-z_][A-Za-z0-9_]*)';
    if (!seen) groups.set(word, `\\${groups.size + 1}`);
  }
  const match = new RegExp(`^${pattern}$`).exec(text.replaceAll('\r\n', '\n'));
  return match && Object.fromEntries([...groups.keys()].map((word, i) => [word, match[i + 1]!]));
}

function wholeWords(names: readonly string[]): RegExp {
  return new RegExp(`(process\\.env\\.)?\\b(${names.join('|') || '(?!)'})\\b`, 'g');
}

/**
 * The way `db.ts` reads a variable in this project: `process.env`, or a module's exported values as
 * `<specifier>#<export>`.
 */
export function readingOf(env: string): { expression: (name: string) => string; line: string | null } {
  const [specifier, reader] = env.split('#');
  if (!reader) return { expression: (name) => `process.env.${name}`, line: null };
  return { expression: (name) => `${reader}.${name}`, line: `import { ${reader} } from '${specifier}';` };
}
