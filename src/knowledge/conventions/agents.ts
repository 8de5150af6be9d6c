import type { Block } from '../../edit/markdown/blocks.ts';
import { type Convention, conventionDefaults } from './convention.ts';
import { declareInProse, nearestDocuments } from './markdown.ts';

const kinds: readonly Block['kind'][] = ['table', 'list'];

/**
 * AGENTS.md and CLAUDE.md speak to agents: a table or list there takes a variable only where nothing else documents
 * any.
 */
export const agents: Convention = {
  ...conventionDefaults,
  name: 'agents',
  kind: 'prose',
  find: (view) =>
    nearestDocuments(view, (name) => name === 'AGENTS.md' || name === 'CLAUDE.md', {
      kind: 'agents',
      kinds,
      onlyWhereSole: true,
    }),
  declare: declareInProse(kinds),
};
