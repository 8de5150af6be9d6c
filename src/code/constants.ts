import { type Module, type Node, nameOf, textOf } from './module.ts';

/** A value declared at the top of a module. */
export interface Constant {
  name: string;
  init: Node;
  /** The name it is exported under, or null. */
  exported: string | null;
}

/** The constants at the top of a module. */
export function constantsAtTop({ body }: Module): Constant[] {
  const later = new Map(
    body
      .filter(({ type, source }) => type === 'ExportNamedDeclaration' && !source)
      .flatMap(({ specifiers }) =>
        (specifiers as Node[]).map(
          (one) => [nameOf(one.local), nameOf(one.exported) || (textOf(one.exported as Node) ?? '')] as const,
        ),
      ),
  );
  return body.flatMap((statement) => {
    const exported = statement.type === 'ExportNamedDeclaration';
    const declaration = exported ? (statement.declaration as Node | null) : statement;
    if (declaration?.type !== 'VariableDeclaration') return [];
    return (declaration.declarations as Node[]).flatMap(({ id, init }) => {
      const name = nameOf(id);
      return init && name ? [{ name, init: init as Node, exported: exported ? name : (later.get(name) ?? null) }] : [];
    });
  });
}
