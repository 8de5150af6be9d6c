import { describe, expect, test } from 'vitest';
import { takeMarked, takeTyped } from '../../src/blueprints/shelf.ts';
import type { Problem } from '../../src/problem.ts';

/** What people type for a database: what is taken for it, and what a refusal says that was meant. */
const raised = (word: string): Problem => {
  try {
    takeTyped(word, 'database');
  } catch (error) {
    return error as Problem;
  }
  throw new Error(`${word} is taken`);
};

describe('a word that nothing is named', () => {
  test.each([
    ['postgrse', 'did you mean `postgres`?'],
    ['postgres@15', 'did you mean `postgres`?'],
    ['pg@8', 'did you mean `pg`?'],
    ['mongodb-atlas', 'did you mean `mongodb`?'],
    ['aurora-postgres', 'did you mean `postgres`?'],
    ['postgres-js', 'did you mean `postgres.js`?'],
    ['postgres://u:hunter2@h/d', '`flue-db add postgres`'],
    ['mongodb+srv://u:hunter2@h/d', '`flue-db add mongodb`'],
    ['rediss://h', '`flue-db add redis`'],
    ['mssql://h', 'it can add'],
    ['railway', 'it can add'],
    // Three letters away from what is long.
    ['postqqqsql', 'it can add'],
  ])('%s', (word, hint) => expect(raised(word).hint.startsWith(hint), raised(word).hint).toBe(true));
});

test.each(['nowhere/postgres@1', 'database/postgres@99', 'database/nothing@1', 'postgres@1', ''])(
  'a marker of what is on no shelf, %j, leads nowhere',
  (marker) => expect(takeMarked(marker)).toBeNull(),
);
