type Compare = (one: string, other: string) => number;

const byCodeUnits: Compare = (one, other) => Number(one > other) - Number(one < other);

/** As editors and collations sort names: `_` before digits before letters, whatever their case. */
const asEditorsDo: Compare = (one, other) => byCodeUnits(weightOf(one), weightOf(other)) || byCodeUnits(one, other);

function weightOf(name: string): string {
  return name.toLowerCase().replaceAll('_', '\u0001');
}

/**
 * The order in which names are sorted: as `sort` and ESLint do, or as an editor does; null where they are in neither.
 */
export function orderOf(names: readonly string[]): Compare | null {
  const holds = (compare: Compare) => names.every((name, i) => i === 0 || compare(names[i - 1]!, name) < 0);
  return [byCodeUnits, asEditorsDo].find(holds) ?? null;
}
