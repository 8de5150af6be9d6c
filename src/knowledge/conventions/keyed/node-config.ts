import { exportIn } from '../../../code/exports.ts';
import type { KeyedValue, KeyedValues } from '../../../code/libraries.ts';
import { keyOf, type Module, type Node, textOf, unwrap } from '../../../code/module.ts';
import type { SourceCode } from '../../../code/source-code.ts';
import { isObject, parseJson5, parseToml, parseYaml } from '../../../edit/parse-data.ts';
import { inFolder } from '../../../project/project.ts';
import { evidenceAt } from '../left-alone.ts';

/** The file in which node-config is told which variable each of its keys takes. */
export const mapFile = /^custom-environment-variables\.(?:json5?|ya?ml|toml|[mc]?[jt]s)$/;
const codeFile = /\.[mc]?[jt]s$/;

/** The folder of the files, where `NODE_CONFIG_DIR` says nothing else. */
const folder = 'config';

/** A variable, and the keys under which node-config has it. */
interface Mapped {
  keys: readonly string[];
  variable: string;
}

/**
 * node-config: `config.get('db.url')` is what a variable says by `config/custom-environment-variables`, or what a file
 * of code beside it exports, such as `config/default.js`.
 */
export async function nodeConfig(code: SourceCode): Promise<KeyedValues | null> {
  const names = code.project.list(folder).flatMap(({ name, kind }) => (kind === 'file' ? name : []));
  const maps = names.filter((name) => mapFile.test(name)).map((name) => inFolder(folder, name));
  const modules = names.filter((name) => codeFile.test(name) && !mapFile.test(name));
  if (maps.length === 0 && modules.length === 0) return null;
  const mapped = (await Promise.all(maps.map((path) => mappedBy(code, path)))).flat();
  return {
    isAskedOf: (from, name) => from === 'config' && ['default', '*'].includes(name),
    at: (keys) => ({
      variables: mapped.filter((one) => begins(one.keys, keys)).map(({ variable }) => variable),
      values: modules.flatMap((name) => exportedBy(code, inFolder(folder, name), keys)),
    }),
  };
}

function begins(all: readonly string[], keys: readonly string[]): boolean {
  return keys.length <= all.length && keys.every((key, index) => key === '*' || key === all[index]);
}

function exportedBy(code: SourceCode, path: string, keys: readonly string[]): KeyedValue[] {
  const module = code.module(path);
  const value = module && wholeOf(module);
  return value ? [{ module, node: value, keys }] : [];
}

/** What a module of configuration exports as a whole. */
function wholeOf(module: Module): Node | null {
  const home = exportIn(module, 'default');
  if (home === null || Array.isArray(home) || home.kind !== 'value') return null;
  return home.node ?? home.binding?.init ?? null;
}

async function mappedBy(code: SourceCode, path: string): Promise<Mapped[]> {
  if (codeFile.test(path)) {
    const module = code.module(path);
    const value = module && wholeOf(module);
    return value ? mappedInObject(value) : [];
  }
  const text = evidenceAt(code.project, path);
  return text === null ? [] : mappedIn(path, text);
}

/** What a map says, as the data of its format. */
async function mappedIn(path: string, text: string): Promise<Mapped[]> {
  const yamlOrJson = () => (/\.ya?ml$/.test(path) ? parseYaml(text) : parseJson5(text));
  const data: unknown = await (path.endsWith('.toml') ? parseToml(text) : yamlOrJson());
  return mappedBelow(data, {
    textOf: (value) => (typeof value === 'string' ? value : null),
    entriesOf: (value) => (isObject(value) ? Object.entries(value) : []),
  });
}

function mappedInObject(object: Node): Mapped[] {
  const propertiesOf = (node: Node) => (node.type === 'ObjectExpression' ? (node.properties as Node[]) : []);
  return mappedBelow(object, {
    textOf: (node) => textOf(unwrap(node)),
    entriesOf: (node) =>
      propertiesOf(unwrap(node)).flatMap((one): [string, Node][] =>
        one.value ? [[keyOf(one), one.value as Node]] : [],
      ),
  });
}

/** Nobody maps more; YAML can hold a value that leads back into itself. */
const mostValues = 2_000;

/** Every text below a value, which names a variable, with the keys that lead there. */
function mappedBelow<Value>(
  whole: Value,
  read: { textOf(value: Value): string | null; entriesOf(value: Value): [key: string, value: Value][] },
): Mapped[] {
  const found: Mapped[] = [];
  const open: { value: Value; keys: readonly string[] }[] = [{ value: whole, keys: [] }];
  for (const { value, keys } of open) {
    const text = read.textOf(value);
    if (text !== null) found.push(mapping(keys, text));
    else if (open.length < mostValues)
      open.push(...read.entriesOf(value).map(([key, one]) => ({ value: one, keys: [...keys, key] })));
  }
  return found;
}

/** `{ __name: 'NAME', __format: 'json' }` is the variable under the key above. */
function mapping(keys: readonly string[], variable: string): Mapped {
  return { keys: keys.at(-1) === '__name' ? keys.slice(0, -1) : keys, variable };
}
