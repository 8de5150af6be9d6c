import { homeOf } from '../../code/follow.ts';
import { keyOf, type Module, type Node, nodesIn } from '../../code/module.ts';
import { type Trace, trace } from '../../code/trace.ts';
import { isObject, parseJsonc } from '../../edit/parse-data.ts';
import { declaration, type Manifest } from '../../project/manifest.ts';
import type { PackageView } from './index.ts';

/** The configuration that a file holds, whatever its format: an export of a module, or the value of a JSON file. */
export interface ToolConfig {
  /** What an option holds, as far as it is written out; `open` where it may be anything else. */
  held(...keys: string[]): Pick<Trace, 'literals' | 'open'>;
  /** The variables it reads, all of them or those of an option. */
  variables(...keys: string[]): string[];
  /** Whether it has the option at all. */
  has(key: string): boolean;
}

/** The configuration in a file; null where it holds none that can be read. */
export function configIn(view: PackageView, file: string): ToolConfig | null {
  return /\.json[c5]?$/.test(file) ? jsonIn(view, file) : moduleIn(view, file);
}

function moduleIn(view: PackageView, file: string): ToolConfig | null {
  const home = homeOf(view.code, file, 'default') ?? homeOf(view.code, file, '*');
  if (home?.kind !== 'value') return null;
  const node = home.node ?? home.binding?.init ?? home.binding?.owner;
  return node ? configAt(view, home.module, node) : null;
}

/** The configuration that an expression is; what a function gives counts as what it holds. */
export function configAt({ code, isName }: PackageView, module: Module, node: Node): ToolConfig {
  const at = (keys: readonly string[]) => trace(code, { module, node, keys }, isName);
  // `defineConfig({ … })`, `registerAs('db', () => ({ … }))` and environments by name hold it one step deeper.
  const both = (keys: readonly string[]) => {
    const [plain, deeper] = [at(keys), at(['*', ...keys])];
    const found = plain.literals.length + plain.variables.length > 0 ? plain : deeper;
    return { ...found, variables: [...plain.variables, ...deeper.variables] };
  };
  return {
    held: (...keys) => both(keys),
    variables: (...keys) => [
      ...new Set(
        (keys.length > 0 ? both(keys) : at([])).variables.map(({ name }) => name).filter((name) => isName(name)),
      ),
    ],
    has: (key) => {
      const { literals, variables } = both([key]);
      const written = nodesIn(node).some((one) => one.type === 'Property' && keyOf(one) === key);
      return written || literals.length + variables.length > 0;
    },
  };
}

function jsonIn({ code, isName }: PackageView, file: string): ToolConfig | null {
  const value = jsonAt(code.project.read(file) ?? '');
  if (value === null) return null;
  const at = (keys: readonly string[]) =>
    keys.reduce<unknown>((one, key) => (isObject(one) ? one[key] : undefined), value);
  const named = Object.values(value).flatMap((one) => (isObject(one) ? [one.use_env_variable] : []));
  return {
    held: (...keys) => {
      const one = at(keys);
      const literals = ['string', 'number', 'boolean'].includes(typeof one) ? [one as string] : [];
      return { literals, open: false };
    },
    variables: () => named.filter((one): one is string => typeof one === 'string' && isName(one)),
    has: (key) => key in value,
  };
}

/** The object of a JSON text, with comments and trailing commas; null for anything else. */
function jsonAt(text: string): Record<string, unknown> | null {
  const value = parseJsonc(text);
  return isObject(value) ? value : null;
}

/** Whether a package.json names one of the packages. */
export function hasPackage(manifest: Manifest, names: readonly string[]): boolean {
  return names.some((name) => declaration(manifest, name) !== null);
}

/** The name of a file without its folders. */
export function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** Whether an option may be on: anything that is written and is not plainly off. */
export function mayBeOn({ literals, open }: Pick<Trace, 'literals' | 'open'>): boolean {
  return literals.some((one) => one !== false && one !== null && one !== 'safe') || (open && literals.length === 0);
}
