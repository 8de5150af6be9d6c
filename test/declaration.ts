import type { DocDeclaration } from '../src/knowledge/conventions/index.ts';
import { isMember, isVariable } from '../src/knowledge/engines/family.ts';

/** A variable of one kind of database, as a plan declares it. */
export function declarationOf(
  name: string,
  more: Partial<DocDeclaration> = {},
  family: 'sql' | 'redis' | 'mongo' = 'sql',
): DocDeclaration {
  const titles = { sql: ['Postgres', 'postgres'], redis: ['Redis', 'redis'], mongo: ['MongoDB', 'mongodb'] }[family];
  return {
    name,
    derivedFrom: null,
    isMember: (other) => isMember(family, other),
    isForeign: (other) => isVariable(other) && !isMember(family, other),
    heading: family === 'sql' ? 'Database' : titles[0]!,
    titles,
    generic: family === 'sql' ? 'Database' : null,
    comment: `${titles[0]} connection string, for Flue`,
    sole: true,
    url: !name.endsWith('TOKEN'),
    width: null,
    ...more,
  };
}
