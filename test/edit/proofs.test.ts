import { describe, expect, test } from 'vitest';
import { provesAssignment } from '../../src/edit/dotenv/insert.ts';
import { provesName } from '../../src/edit/json/list.ts';
import { provesEntry } from '../../src/edit/markdown/insert.ts';
import { type Insertion, splice } from '../../src/edit/splice.ts';

/** The proofs are tested, too: each refusal is of an edit that an editor with a fault might make. */
type Proof = (before: string, after: string, insertion: Insertion) => boolean;

function cases(before: string, good: Insertion, proves: Proof, sabotaged: Record<string, Insertion>): void {
  const holds = (insertion: Insertion) => proves(before, splice(before, [insertion]), insertion);
  test('what is right is proven', () => expect(holds(good)).toBe(true));
  test.each(Object.entries(sabotaged))('not %s', (_, insertion) => expect(holds(insertion)).toBe(false));
  test('not a change elsewhere', () => {
    const after = splice(before, [good]);
    expect(proves(before, after.replace('PORT', 'P0RT'), good)).toBe(false);
    expect(proves(before, `${after}\n`, good)).toBe(false);
    expect(proves(before, before, good)).toBe(false);
  });
}

describe('an assignment of an env template', () => {
  const before = '# Server\nPORT=3000\nHOST="a\nb"\n';
  const at = before.indexOf('HOST');
  cases(before, { at, text: 'DATABASE_URL=\n' }, (...one) => provesAssignment(...one, 'DATABASE_URL'), {
    'another name': { at, text: 'DATABASE_URI=\n' },
    'a second assignment': { at, text: 'DATABASE_URL=\nEVIL=1\n' },
    'the same twice': { at, text: 'DATABASE_URL=\nDATABASE_URL=\n' },
    'a comment': { at, text: '# DATABASE_URL=\n' },
    'what stands in a value of several lines': { at: before.indexOf('b"'), text: 'DATABASE_URL=\n' },
    'what takes a line apart': { at: before.indexOf('3000'), text: '\nDATABASE_URL=' },
    nothing: { at, text: '' },
  });
});

describe('a name in a list of a JSON text', () => {
  const before = '{ "globalEnv": ["PORT"], "other": ["PORT"] }\n';
  const at = before.indexOf(']');
  const value = { path: ['globalEnv'], name: 'DATABASE_URL' };
  cases(before, { at, text: ', "DATABASE_URL"' }, (from, to, one) => provesName(from, to, [one], value), {
    'another name': { at, text: ', "DATABASE_URI"' },
    'the other list': { at: before.lastIndexOf(']'), text: ', "DATABASE_URL"' },
    'a second name': { at, text: ', "DATABASE_URL", "EVIL"' },
    'the same twice': { at, text: ', "DATABASE_URL", "DATABASE_URL"' },
    'a comment': { at, text: ' /* "DATABASE_URL" */' },
    'what does not parse': { at, text: ', "DATABASE_URL",,' },
    nothing: { at, text: '' },
  });
});

describe('an entry of a document', () => {
  const before = '# App\n\n## Environment\n\n- `PORT`: the port\n- `API_KEY`: the key\n\nMore is said here.\n';
  const at = before.indexOf('- `API_KEY`');
  cases(before, { at, text: '- `DATABASE_URL`: the database\n' }, (...one) => provesEntry(...one, 'DATABASE_URL'), {
    'another name': { at, text: '- `DATABASE_URI`: the database\n' },
    'a second entry': { at, text: '- `DATABASE_URL`: the database\n- `EVIL`: no\n' },
    'the same twice': { at, text: '- `DATABASE_URL`: the database\n- `DATABASE_URL`: the database\n' },
    'a paragraph': { at: before.indexOf('More'), text: '`DATABASE_URL` is the database.\n\n' },
    'words behind the last': {
      at: before.indexOf('\nMore'),
      text: '- `DATABASE_URL`: the database\n\nAnd this.\n',
    },
    'words behind it': { at, text: '- `DATABASE_URL`: the database\n\nAnd more.\n\n' },
    'a heading between': { at, text: '- `DATABASE_URL`: the database\n\n## Other\n\n' },
    'a comment': { at, text: '<!-- `DATABASE_URL` -->\n' },
    nothing: { at, text: '' },
  });
});
