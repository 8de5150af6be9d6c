import type { Binding } from './bindings.ts';
import { homeOf } from './follow.ts';
import { type Module, type Node, nameOf, propertyOf, textOf, unwrap } from './module.ts';
import { bindingOf, resolve } from './scope.ts';
import type { SourceCode } from './source-code.ts';
import type { Frame } from './trace.ts';

/** A value, the module it stands in, and the call that this is looked into from. */
interface Position {
  module: Module;
  frame: Frame | null;
  node: Node;
}

/** Values looked at for one text: more are nobody's name. */
const limit = 50;

/**
 * The text that an expression is: by constants, objects and enums of the project, also those of other modules, by what
 * the call in `frame` gives, and put together of such; null where it is none.
 */
export function textBehind(code: SourceCode, { module, frame }: Omit<Position, 'node'>, node: Node): string | null {
  return new TextLookup(code).textAt({ module, frame, node });
}

/** One look at what a text is. */
class TextLookup {
  readonly #code: SourceCode;
  #left = limit;

  constructor(code: SourceCode) {
    this.#code = code;
  }

  textAt(at: Position): string | null {
    const place = this.#valueOf(at);
    if (!place) return null;
    const parts = partsOf(place.node);
    if (!parts) return textOf(place.node);
    const texts: string[] = [];
    for (const part of parts) {
      const text = typeof part === 'string' ? part : this.textAt({ ...place, node: part });
      if (text === null) return null;
      texts.push(text);
    }
    return texts.join('');
  }

  /** The value that a name or a member stands for; null where that cannot be seen. */
  #valueOf(at: Position): Position | null {
    this.#left -= 1;
    const bare = unwrap(at.node);
    if (this.#left < 0) return null;
    if (bare.type === 'Identifier') return this.#named({ ...at, node: bare });
    if (bare.type !== 'MemberExpression') return { ...at, node: bare };
    const object = this.#valueOf({ ...at, node: bare.object as Node });
    const key = bare.computed ? textOf(bare.property as Node) : nameOf(bare.property);
    const value = object && key !== null ? memberOf(object.node, key) : null;
    return value && { ...object!, node: unwrap(value) };
  }

  #named(at: Position): Position | null {
    const { module, frame, node } = at;
    const binding = bindingOf(module, node);
    if (binding?.kind === 'enum') return { ...at, node: binding.owner! };
    if (binding?.kind === 'parameter') {
      const given = frame?.owner === binding.owner && binding.keys.length === 0 ? frame?.given[binding.index] : null;
      return given ? this.#valueOf({ module: frame!.module, frame: frame!.outer, node: given }) : null;
    }
    if (binding?.kind === 'import') return this.#imported(module, binding);
    const value = resolve(module, node);
    return value && value !== node ? this.#valueOf({ ...at, node: value }) : null;
  }

  #imported({ path }: Module, { from, imported }: Binding): Position | null {
    const target = this.#code.leadTo(path, from);
    const home = target === null ? null : homeOf(this.#code, target, imported, this.#code.mayWriteName);
    if (home?.kind !== 'value') return null;
    const value = home.node ?? (home.binding?.kind === 'enum' ? home.binding.owner : home.binding?.init);
    return value ? this.#valueOf({ module: home.module, frame: null, node: value }) : null;
  }
}

/** What a text is put together of: of a template and of a sum; null for anything else. */
function partsOf(node: Node): (string | Node)[] | null {
  if (node.type === 'TemplateLiteral') {
    const quasis = node.quasis as { value: { cooked?: string } }[];
    const holes = node.expressions as Node[];
    return quasis.flatMap(({ value }, index) => [value.cooked ?? '', ...(holes[index] ? [holes[index]] : [])]);
  }
  const operands: Node[] = [];
  let left = node;
  for (; left.type === 'BinaryExpression' && left.operator === '+'; left = unwrap(left.left as Node))
    operands.unshift(left.right as Node);
  return operands.length > 0 ? [left, ...operands] : null;
}

function memberOf(object: Node, key: string): Node | null {
  if (object.type === 'ObjectExpression') return propertyOf(object, key);
  const members = ((object.body as Node | undefined)?.members ?? object.members ?? []) as Node[];
  const found = members.find(({ id }) => (nameOf(id) || textOf(id as Node)) === key);
  return (found?.initializer as Node | undefined) ?? null;
}
