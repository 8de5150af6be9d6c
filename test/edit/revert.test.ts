import { describe, expect, test } from 'vitest';
import { insertIntoDotenv } from '../../src/edit/dotenv/insert.ts';
import { declareInMarkdown } from '../../src/edit/markdown/insert.ts';
import { undo } from '../../src/edit/revert.ts';
import { declareIn } from '../../src/knowledge/conventions/index.ts';
import { nx } from '../../src/knowledge/conventions/nx.ts';
import type { EnvDoc } from '../../src/types/env-docs.ts';
import { declarationOf } from '../declaration.ts';
import { docsOf } from '../knowledge/conventions/docs-of.ts';

/**
 * What an edit put into a text is found again by the edit itself: the text without it is one from which the edit gives
 * this one.
 */
const declaration = declarationOf('DATABASE_URL');
const add = (text: string) => insertIntoDotenv(text, declaration);
const without = (text: string) => undo(text, 'DATABASE_URL', add, { lines: true });

describe('what adding put into a template is taken out again, byte for byte', () => {
  test.each([
    'A_KEY=1\n# B_URL=2\n',
    'A_KEY=1\r\n# B_URL=2\r\n',
    'A_KEY=1\n# note\n# export B=2\n',
    'A_KEY=1\n\n# that is all\n',
    'A_KEY=1\n\n# that is all',
    'A=1\n# note\n',
    'A=1\n#\n# EOF\n',
    '\uFEFFA=1\r\n# note\r\n',
    'A=1\n# note',
    '# one\n# two\n',
    '# Database\n',
    'A=1\n\n# Database\n# DB_URL=x\n',
    'A=1\n#B=2\n\nC=3\n',
    'A=1\n\n# Mail\nSMTP=2\n\n# end\n',
    '# Database\nDB_HOST=x\n',
    '# Database\n\n# Mail\nA=1\n',
    '# ====\n# Mail\n# ====\n\nA=1\n',
    '#region Mail\nA=1\n#endregion\n',
    '# - MAIL ----\nA=1\n# -----------\n',
    '# 1. App\nA=1\n\n# 2. Mail\nB=1\n',
    '# Set DATABASE_URL below\nA=1\n',
    'KEY="one\nDATABASE_URL=two"\n',
    'A=1',
  ])('%j', async (before) => {
    const added = add(before) as { text: string };
    expect(added.text).not.toBe(before);
    expect(await without(added.text)).toBe(before);
  });
});

test.each([
  '{ "namedInputs": { "default": ["src/**", { "env": "API_KEY" }] } }\n',
  '{ "namedInputs": { "default": [{ "env": "API_KEY" }, "src/**"] } }\n',
  '{\n  "namedInputs": {\n    "default": [\n      {\n        "env": "API_KEY"\n      }\n    ]\n  }\n}\n',
  '{\n  "namedInputs": {\n    "default": [\n      {\n        "env": "API_KEY"\n      },\n      "src/**"\n    ]\n  }\n}\n',
  '{\r\n  "namedInputs": {\r\n    "default": [\r\n      {\r\n        "env": "API_KEY"\r\n      }\r\n    ]\r\n  }\r\n}\r\n',
])('an object in a list is taken out again: %j', async (before) => {
  const addInput = (text: string) => nx.declare!(text, declaration, {} as EnvDoc, []);
  const added = (await addInput(before)) as { text: string };
  expect(added.text).toContain('"env": "DATABASE_URL"');
  expect(await undo(added.text, 'DATABASE_URL', addInput)).toBe(before);
});

const prose = (text: string) =>
  declareInMarkdown(text, declaration, { sole: true, byName: false, kinds: ['table', 'list', 'fence'] });
const list = '- `API_KEY`: the key\n- `PORT`: the port\n';
const table = '| Name | Description |\n| --- | --- |\n| `API_KEY` | the key |\n| `PORT` | the port |\n';
const fence = '```sh\nAPI_KEY=\nPORT=3000\n```\n';

test.each([
  ['a list and a fence', [list, fence]],
  ['a table and a fence', [table, fence]],
  ['a fence, a table and a list', [fence, table, list]],
])('a document loses the name in each of its parts: %s', async (_name, parts) => {
  const before = `# App\n\n## Environment variables\n\n${parts.join('\nIn `.env`:\n\n')}\nWithout \`DATABASE_URL\` it stops.\n`;
  const { text } = prose(before) as { text: string };
  expect(text.split('DATABASE_URL')).toHaveLength(parts.length + 2);
  expect(await undo(text, 'DATABASE_URL', prose, { prose: true })).toBe(before);
  const changed = text.replace('DATABASE_URL=', 'DATABASE_URL=here');
  const left = await undo(changed, 'DATABASE_URL', prose, { prose: true });
  expect(left).toContain('DATABASE_URL=here');
});

test.each([
  'declare namespace NodeJS { interface ProcessEnv { PORT: string } }\n',
  'declare namespace NodeJS { interface ProcessEnv { readonly PORT: string; } }\n',
  'declare namespace NodeJS { interface ProcessEnv {} }\n',
  'declare namespace NodeJS {\r\n  interface ProcessEnv {\r\n    A: 1,\r\n    B?: string // last\r\n  }\r\n}',
  "import * as z from 'zod'\nexport const env = z.object({}).parse(process.env)\n",
  "import z from 'zod'\nexport const env = z.object({ A: z.string(),\n  B: z.string() }).parse(process.env)\n",
])('an entry on one line, of an empty list, or behind a comment is taken out again: %j', async (before) => {
  const [doc] = await docsOf({ [before.startsWith('declare') ? 'src/env.d.ts' : 'src/env.ts']: before });
  const addEntry = (text: string) => declareIn(text, doc!, declaration);
  const { text } = (await addEntry(before)) as { text: string };
  expect(text).toContain('DATABASE_URL');
  expect(await undo(text, 'DATABASE_URL', addEntry)).toBe(before);
});

test.each([
  "import { z } from 'zod';\nexport const env = z.object({\n  API_KEY: z.string(),\n}).parse({ API_KEY: process.env.API_KEY });\n",
  "import { z } from 'zod';\nexport const env = z.object({\n  API_KEY: z.string()\n}).parse({ API_KEY: process.env.API_KEY });\n",
  "import * as v from 'valibot';\nexport const env = v.parse(v.strictObject({\n  API_KEY: v.string(),\n}), { API_KEY: process.env.API_KEY });\n",
])('both places of a module that picks its variables are taken out again: %j', async (before) => {
  const [doc] = await docsOf({ 'src/env.ts': before });
  const addKey = (text: string) => declareIn(text, doc!, declaration);
  const added = (await addKey(before)) as { text: string };
  expect(added.text).toContain('DATABASE_URL: process.env.DATABASE_URL');
  expect(await undo(added.text, 'DATABASE_URL', addKey)).toBe(before);
});

describe('what somebody wrote otherwise, or about the line, stays', () => {
  test.each([
    ['a comment about it', '# Database\nDB_HOST=x\n# the big one, ask Ann\nDATABASE_URL=\n'],
    ['a value', 'A=1\nDATABASE_URL=postgres://here\n'],
    ['a comment behind it', 'A=1\nDATABASE_URL= # ask Ann\n'],
  ])('%s', async (_name, text) => {
    expect(await without(text)).toBeNull();
  });

  test('an edit that would not give the text again proves nothing', async () => {
    const { text } = add('A=1\n') as { text: string };
    const sabotaged = (one: string) => ({ text: `${(add(one) as { text: string }).text}# more\n` });
    expect(await undo(text, 'DATABASE_URL', sabotaged, { lines: true })).toBeNull();
    expect(await undo(text, 'DATABASE_URL', () => ({ refused: 'no' }), { lines: true })).toBeNull();
  });

  test('only so many ways are tried', async () => {
    const text = Array.from({ length: 40 }, (_, index) => `# DATABASE_URL is said on line ${index}\n\n`).join('');
    let tries = 0;
    const never = () => {
      tries += 1;
      return { refused: 'no' };
    };
    expect(await undo(text, 'DATABASE_URL', never, { prose: true })).toBeNull();
    expect(tries).toBeLessThanOrEqual(60);
    expect(tries).toBeGreaterThan(1);
  });
});
