import { importedFrom, type Module } from '../../../code/module.ts';
import { literally } from '../../../pattern.ts';
import { keyLike, type WriteEntry } from './entry.ts';
import type { Local, Validator } from './validator.ts';

/** An entry as a call of the library that the others are calls of, with what is still to be imported for it. */
export const validated: WriteEntry = ({ module, list, neighbour, variable, emptyIsAbsent, validators }) => {
  const inits = list.entries.map(({ key, start, end }) => ({
    key,
    text: module.text.slice(start, end).replace(/^[^:]*:\s*/, ''),
  }));
  const texts = inits.map(({ text }) => text);
  const found = validatorOf(module, validators, texts) ?? validatorOf(module, validators, []);
  if (!found) return { refused: 'its validators are of a library this does not know' };
  const { validator, local, imported } = found;
  const { name, required, url, isMember } = variable;
  // A check of URLs fits another URL, and no token or name.
  const sibling = url ? inits.find(({ key }) => isMember(key) && /(?:URL|URI|DSN)$/.test(key)) : undefined;
  const beside = neighbour.text.replace(/^[^:]*:\s*/, '');
  const wanted = { name, required, sibling: sibling?.text ?? null, beside, emptyIsAbsent };
  const { text, needs } = validator.initializer(wanted, local);
  const quote = /^[^']*"[^']*$/.test(texts.join('') + importText(module)) ? '"' : "'";
  const names = local.namespace === null ? needs.filter((one) => ![...imported.values()].includes(one)) : [];
  return {
    lines: [`${keyLike(neighbour.text, name)}: ${text.replaceAll("'", quote)}`],
    imports: { names, from: validator.imports },
  };
};

/** The library that a module imports and which those texts are written with. */
function validatorOf(
  module: Module,
  validators: readonly Validator[],
  texts: readonly string[],
): { validator: Validator; local: Local; imported: Map<string, string> } | null {
  for (const validator of validators) {
    const imported = importedFrom(module, validator.imports);
    const used = [...imported.keys()].some((local) => texts.length === 0 || texts.some((text) => uses(text, local)));
    if (imported.size > 0 && used) return { validator, local: localOf(validator, imported), imported };
  }
  return null;
}

function localOf({ namespaces = [] }: Validator, imported: Map<string, string>): Local {
  const whole = [...imported].find(([, name]) => name === '*' || name === 'default' || namespaces.includes(name));
  const namespace = whole?.[0] ?? null;
  const local = (name: string) => [...imported].find(([, other]) => other === name)?.[0] ?? name;
  return { namespace, call: (name) => (namespace ? `${namespace}.${name}` : local(name)) };
}

function importText({ body, text }: Module): string {
  return body
    .filter(({ type }) => type === 'ImportDeclaration')
    .map(({ start, end }) => text.slice(start, end))
    .join('');
}

function uses(text: string, local: string): boolean {
  return new RegExp(`(?<![\\w$.])${literally(local)}\\b`).test(text);
}
