import { describe, expect, test } from 'vitest';
import { undo } from '../../../src/edit/revert.ts';
import { declareIn } from '../../../src/knowledge/conventions/index.ts';
import type { EnvDoc } from '../../../src/types/env-docs.ts';
import { declarationOf } from '../../declaration.ts';

/** Which lists of turbo.json get a variable: those through which it reaches the program that reads it. */
const doc: EnvDoc = { path: 'turbo.json', kind: 'turbo', variables: [], because: '', leftAlone: null, text: '' };
const declare = (text: string, name: string) => declareIn(text, doc, declarationOf(name));

const added = async (config: object, name: string): Promise<object> => {
  const edit = await declare(JSON.stringify(config, null, 2), name);
  return 'text' in edit ? JSON.parse(edit.text) : edit;
};

describe('a connection beside another one', () => {
  test.each<[string, object, object]>([
    [
      'goes to the list of all tasks alone',
      { tasks: { 'schema:apply': { env: ['DATABASE_URL'] } }, globalEnv: ['PORT', 'DATABASE_URL'] },
      {
        tasks: { 'schema:apply': { env: ['DATABASE_URL'] } },
        globalEnv: ['PORT', 'DATABASE_URL', 'FLUE_DATABASE_URL'],
      },
    ],
    [
      'goes to the tasks of programs, and not to those of the database alone',
      { tasks: { build: { env: ['DATABASE_URL', 'API_KEY'] }, reset: { env: ['DATABASE_URL'] } } },
      { tasks: { build: { env: ['DATABASE_URL', 'FLUE_DATABASE_URL', 'API_KEY'] }, reset: { env: ['DATABASE_URL'] } } },
    ],
    [
      'goes to such a task where there is no other',
      { tasks: { serve: { env: ['DATABASE_URL'] } } },
      { tasks: { serve: { env: ['DATABASE_URL', 'FLUE_DATABASE_URL'] } } },
    ],
  ])('%s', async (_, before, after) => expect(await added(before, 'FLUE_DATABASE_URL')).toEqual(after));
});

test('without such a one the list of all tasks comes before that of a task', async () => {
  const before = { tasks: { sync: { env: ['API_TOKEN'] } }, globalPassThroughEnv: ['CI', 'SESSION_SECRET'] };
  const after = { ...before, globalPassThroughEnv: ['CI', 'SESSION_SECRET', 'REDIS_URL'] };
  expect(await added(before, 'REDIS_URL')).toEqual(after);
});

describe('a list that excludes the variable', () => {
  test.each<[string, object]>([
    ['by its name', { globalEnv: ['API_SECRET', '!DATABASE_URL'] }],
    ['by a pattern', { globalPassThroughEnv: ['API_SECRET', '!*_URL'] }],
    ['after a pattern that covers it', { globalEnv: ['API_SECRET', 'DATABASE_*', '!DATABASE_URL'] }],
  ])('is left as it is: %s', async (_, config) => {
    expect(await added(config, 'DATABASE_URL')).toEqual({ refused: 'it excludes `DATABASE_URL`' });
  });

  test('another variable goes there', async () => {
    const before = { globalEnv: ['API_SECRET', '!DATABASE'] };
    expect(await added(before, 'DATABASE_URL')).toEqual({ globalEnv: ['API_SECRET', '!DATABASE', 'DATABASE_URL'] });
  });
});

test('what many lists got is taken out of each of them', async () => {
  const tasks = Array.from({ length: 9 }, (_, i) => `    "t${i}": { "env": ["DATABASE_URL", "K${i}"] }`);
  const long = '    "last": {\n      "env": [\n        "PORT",\n        "DATABASE_URL"\n      ]\n    }';
  const before = `{\n  "tasks": {\n${[...tasks, long].join(',\n')}\n  }\n}\n`;
  const edit = await declare(before, 'FLUE_DATABASE_URL');
  const after = 'text' in edit ? edit.text : '';
  expect(after.split('FLUE_DATABASE_URL')).toHaveLength(11);
  expect(await undo(after, 'FLUE_DATABASE_URL', (text) => declare(text, 'FLUE_DATABASE_URL'))).toBe(before);
  const other = after.replace('"K4"', '"FLUE_DATABASE_URL:raw"');
  expect(await undo(other, 'FLUE_DATABASE_URL', (text) => declare(text, 'FLUE_DATABASE_URL'))).toBeNull();
});
