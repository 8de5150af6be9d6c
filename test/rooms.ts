const knowledge = ['conventions', 'engines', 'formatters', 'hosts', 'package-managers', 'schema-owners'].map(
  (kind) => `knowledge/${kind}`,
);
const readers = ['code', 'project', 'blueprints', 'edit'];

/** The import rules of AGENTS.md as a table: the room, and the rooms it may import from besides itself. */
export const rooms: Record<string, string[]> = {
  'main.ts': ['commands', 'output'],
  commands: ['inspect', 'choose', 'plan', 'apply', 'verify', 'output', ...knowledge, ...readers],
  inspect: [...knowledge, ...readers],
  choose: [...knowledge, ...readers],
  plan: [...knowledge, ...readers],
  apply: ['project'],
  verify: [...knowledge, ...readers],
  output: [],
  ...Object.fromEntries(knowledge.map((kind) => [kind, readers])),
  code: ['project', 'edit'],
  project: ['edit'],
  blueprints: ['project', 'edit'],
  edit: [],
  types: [],
  'problem.ts': [],
  'memo.ts': [],
  'pattern.ts': [],
};
const everyone = ['types', 'problem.ts', 'memo.ts', 'pattern.ts'];

/** The room of a file of src, by its path there: `inspect`, `knowledge/engines`, `problem.ts`. */
export const roomOf = (file: string) =>
  file
    .split('/')
    .slice(0, file.startsWith('knowledge/') ? 2 : 1)
    .join('/');

/** Whether a file of src may import another, by their paths there. */
export function mayImport(file: string, other: string): boolean {
  const room = roomOf(file);
  return [room, ...everyone, ...(rooms[room] ?? [])].includes(roomOf(other));
}
