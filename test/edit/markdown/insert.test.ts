import { describe, expect, test } from 'vitest';
import { declareInMarkdown } from '../../../src/edit/markdown/insert.ts';
import { mayListVariables } from '../../../src/edit/markdown/scan.ts';
import { declarationOf } from '../../declaration.ts';

/** The lines that a document gains. */
function gained(text: string, { sole = true, declaration = declarationOf('DATABASE_URL') } = {}): string[] {
  const edited = declareInMarkdown(text, declaration, { sole, byName: false, kinds: ['table', 'list', 'fence'] });
  if ('refused' in edited) return [`refused: ${edited.refused}`];
  const old = text.split(/\r?\n/);
  return edited.text.split(/\r?\n/).filter((line) => line !== '' && !old.includes(line));
}

const table = (head: string, ...names: string[]) =>
  `| ${head} | Description |\n| --- | --- |\n${names.map((name) => `| \`${name}\` | what it is |\n`).join('')}`;
const row = '| `DATABASE_URL` | Postgres connection string, for Flue |';

describe('what lists the variables of the program', () => {
  test.each([
    [
      'what the program needs, by one service alone',
      `# Shop\n\n## Getting started\n\n### Environment variables\n\nThe server needs:\n\n${table('Name', 'QUILL_API_KEY', 'QUILL_MODEL')}`,
      [row],
    ],
    ['a heading of the environment', `# App\n\n## Environment\n\n${table('Name', 'API_KEY', 'PORT')}`, [row]],
    [
      'a heading above that one',
      `# App\n\n## Environment variables\n\n### Backend\n\n${table('Name', 'API_KEY', 'PORT')}`,
      [row],
    ],
    ['one alone, under a heading of them', `# App\n\n## Environment variables\n\n${table('Name', 'API_KEY')}`, [row]],
    [
      'one alone, in a list of them',
      '# App\n\n## Env vars\n\n- `API_KEY`: the key\n',
      ['- `DATABASE_URL`: Postgres connection string, for Flue'],
    ],
    ['a header that says variable', `# App\n\n${table('Variable', 'API_KEY', 'PORT')}`, [row]],
    [
      'the backend, not the frontend',
      `# App\n\n## Environment\n\n### Frontend\n\n${table('Name', 'NEXT_PUBLIC_A', 'NEXT_PUBLIC_B', 'NEXT_PUBLIC_C')}\n### Backend\n\n${table('Name', 'API_KEY', 'PORT')}`,
      [row],
    ],
    [
      'no outer pipes',
      '# App\n\n## Environment\n\nName | Description\n--- | ---\n`API_KEY` | x\n`PORT` | y\n',
      ['`DATABASE_URL` | Postgres connection string, for Flue'],
    ],
    [
      'an optional mark in emphasis',
      '## Environment\n\n* **`API_KEY`** *(required)*: the key\n* **`PORT`** *(optional)*: the port\n',
      ['* **`DATABASE_URL`**: Postgres connection string, for Flue'],
    ],
    ['a fence with blank lines', '## Environment\n\n```env\nAPI_KEY=\n\nPORT=3000\n```\n', ['DATABASE_URL=']],
    [
      'a fence with words as values',
      'Create a `.env`:\n\n```sh\nAPI_KEY=your api key\nPORT=3000\n```\n',
      ['DATABASE_URL='],
    ],
    [
      'columns of marks keep their kind',
      '## Environment\n\n| Variable | Req. | Default |\n| --- | --- | --- |\n| `API_KEY` | yes | - |\n| `PORT` | no | 3000 |\n',
      ['| `DATABASE_URL` | yes | - |'],
    ],
    [
      'titles of another language',
      '## .env\n\n| 变量名 | 说明 | 默认值 |\n| --- | --- | --- |\n| `API_KEY` | 密钥 | |\n| `PORT` | 端口 | 3000 |\n',
      ['| `DATABASE_URL` | Postgres connection string, for Flue |  |'],
    ],
    [
      'a sample of the value inside the marks',
      '## Environment\n\n- `API_KEY=<key>` - the key\n- `PORT=3000` - the port\n',
      ['- `DATABASE_URL=` - Postgres connection string, for Flue'],
    ],
    [
      'what it is on the next line',
      '## Environment\n\n- `API_KEY`\n  The key.\n- `PORT`\n  The port.\n',
      ['- `DATABASE_URL`', '  Postgres connection string, for Flue'],
    ],
    [
      'items to tick off',
      '## Environment\n\n- [x] `API_KEY`: the key\n- [x] `PORT`: the port\n',
      ['- [ ] `DATABASE_URL`: Postgres connection string, for Flue'],
    ],
    [
      'names with footnotes',
      '## Environment\n\n| Name | Description |\n| --- | --- |\n| `API_KEY`[^1] | the key |\n| `PORT`<sup>2</sup> | the port |\n\n[^1]: note\n',
      [row],
    ],
    [
      'a note on every name',
      '## Environment\n\n- `API_KEY`\\*: the key\n- `PORT`\\*: the port\n\n\\* required\n',
      ['- `DATABASE_URL`: Postgres connection string, for Flue'],
    ],
    [
      'what is beside the deprecated',
      `## Environment\n\n${table('Name', 'API_KEY', 'PORT')}\n### Deprecated\n\n${table('Name', 'OLD_KEY', 'OLD_PORT', 'OLD_URL')}`,
      [row],
    ],
    ['a heading in Chinese', `# App\n\n## 环境变量\n\n${table('名称', 'API_KEY', 'PORT')}`, [row]],
    ['a heading in Russian', `# App\n\n## Переменные окружения\n\n${table('Имя', 'API_KEY', 'PORT')}`, [row]],
    ['a document of the configuration', `# Configuration\n\n${table('Name', 'API_KEY', 'PORT')}`, [row]],
    ['a fence of plain text', 'Create a `.env`:\n\n```text\nAPI_KEY=\nPORT=3000\n```\n', ['DATABASE_URL=']],
    ['a fence that names its file', '## Setup\n\n```sh title=".env"\nAPI_KEY=\n```\n', ['DATABASE_URL=']],
    ['a fence that names its file in a comment', '## Setup\n\n```\n# .env\nAPI_KEY=\n```\n', ['DATABASE_URL=']],
    [
      'the root of a project that may be this one',
      'Create `.env` in the root of your Next.js project:\n\n```\nAPI_KEY=\nPORT=1\n```\n',
      ['DATABASE_URL='],
    ],
  ])('%s', (_what, text, lines) => {
    expect(mayListVariables(text)).toBe(true);
    expect(gained(text)).toEqual(lines);
  });

  test('what a program runs without comes last', () => {
    const required = `### Required\n\n${table('Name', 'API_KEY', 'PORT')}`;
    const text = `# App\n\n## Environment\n\n${required}\n### Optional\n\n${table('Name', 'A_KEY', 'B_KEY', 'C_KEY')}`;
    const edited = declareInMarkdown(text, declarationOf('DATABASE_URL'), {
      sole: true,
      byName: false,
      kinds: ['table'],
    });
    expect(edited).toEqual({ text: text.replace(required, `${required}${row}\n`) });
  });
});

describe('what lists something else stays as it is', () => {
  test.each([
    [
      'the variables that a section of its own needs',
      '# Shop\n\n## How it works\n\n### Letter Writer Service\n\n#### Environment variables\n\nThe Letter Writer requires these environment variables:\n\n- `QUILL_API_KEY`: the key\n- `QUILL_MODEL`: the model\n',
    ],
    [
      "a service's part for its variables",
      `# Shop\n\n## Quill\n\n### Environment variables\n\n${table('Name', 'QUILL_API_KEY', 'QUILL_MODEL')}`,
    ],
    ['error codes', `# App\n\n## API\n\n${table('Error', 'INVALID_API_KEY', 'MISSING_TOKEN')}`],
    ['headers', '# App\n\n## Headers\n\n- `X_REQUEST_ID`: the id\n- `X_API_KEY`: the key\n'],
    ['a changelog', '# App\n\n## Changelog\n\n- `DATABASE_HOST` renamed to `DB_HOST`\n- `PORT` removed\n'],
    ['events under settings', `# App\n\n### Feature settings\n\n${table('Event', 'ORDER_CREATED', 'ORDER_PAID')}`],
    ['a deployment', `# App\n\n## Environment\n\nText.\n\n# Deployment\n\n${table('Variable', 'API_KEY', 'PORT')}`],
    [
      'secrets of a platform',
      '# App\n\n## Continuous delivery\n\nAdd these repository secrets:\n\n- `FLY_API_TOKEN`: the token\n- `API_KEY`: the key\n',
    ],
    ['a deployment in German', `# App\n\n## Bereitstellung\n\n${table('Variable', 'API_KEY', 'PORT')}`],
    ['the project of a user', '# Kit\n\nIn your own project, set in `.env`:\n\n```env\nAPI_KEY=\nPORT=1\n```\n'],
    ['a framework that a user has', '# Kit\n\nAdd to `.env` in your Next.js app:\n\n```env\nAPI_KEY=\nPORT=1\n```\n'],
    [
      'the app that uses it',
      '# Kit\n\nIn the `.env` of the app that uses the library:\n\n```env\nAPI_KEY=\nPORT=1\n```\n',
    ],
    [
      'folded deployment',
      `# App\n\n<details><summary>Deploy to Vercel</summary>\n\n${table('Variable', 'API_KEY', 'PORT')}\n</details>\n`,
    ],
    [
      'what is generated',
      `# App\n\n## Environment\n\n<!-- generated by a tool, do not edit -->\n\nText.\n\n${table('Name', 'API_KEY', 'PORT')}`,
    ],
    ['what is deprecated', `# App\n\n## Deprecated environment variables\n\n${table('Name', 'API_KEY', 'PORT')}`],
    ['what was removed', `# App\n\n## Environment\n\n### Removed in 2.0\n\n${table('Name', 'API_KEY', 'PORT')}`],
    ['what is deprecated, in Chinese', `# App\n\n## 已弃用的环境变量\n\n${table('名称', 'API_KEY', 'PORT')}`],
    ['a way up', `# App\n\n## Environment\n\n### Migrating from v1\n\n${table('Variable', 'API_KEY', 'PORT')}`],
    [
      'old names and new ones',
      '# App\n\n## Environment\n\n| Old name | New name |\n| --- | --- |\n| `API_KEY` | `APP_KEY` |\n| `LOG_LEVEL` | `APP_LOG` |\n',
    ],
    ['samples of one key', '## Environment\n\n```sh\nDATABASE_URL=postgres://a\nDATABASE_URL=mysql://a\n```\n'],
    ['a command', '## Environment\n\n```sh\nLOG_LEVEL=debug npm start\n```\n'],
    ['one key under no word of .env', '## Configuration of the logger\n\n```bash\nLOG_LEVEL=debug\n```\n'],
    ['prose', '# App\n\n- **Fast**: very\n- **Small**: also\n'],
  ])('%s', (_what, text) => {
    expect(gained(text)).toEqual([]);
  });

  test('a line that refers to a test database attracts nothing', () => {
    const text = '## Running tests\n\n```env\nTEST_DATABASE_URL=\nAPI_KEY=\n```\n';
    expect(gained(text, { sole: false })).toEqual([]);
    expect(gained(text)).toEqual(['DATABASE_URL=']);
  });
});

/** A heading that says it is about the environment wins over words that stand for other lists, or for a deployment. */
test.each([
  ['Production environment variables', true],
  ['Environment variables (tools)', true],
  ['Feature flags and environment variables', true],
  ['Environment Variables and Secrets', true],
  ['Self-hosting', true],
  ['Production', false],
  ['Hosting', false],
  ['Feature flags', false],
  ['Docker environment variables', false],
  ['Environment variables for the deployment', false],
])('under the heading %s: %s', (heading, takesIt) => {
  const text = `# App\n\n## ${heading}\n\n${table('Variable', 'API_KEY', 'PORT')}`;
  expect(gained(text)).toEqual(takesIt ? [row] : []);
});
