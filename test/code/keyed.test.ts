import { expect, test } from 'vitest';
import { found, pool, usesOf } from '../uses.ts';

type Case = [title: string, files: Record<string, string>, uses: string[]];

const map = 'config/custom-environment-variables';
const byNodeConfig = (asked: string) => `import config from 'config';\n${pool(asked)}`;
const injected = (asked: string) =>
  `import { ConfigService } from '@nestjs/config';\nimport { Pool } from 'pg';\nexport class Db {\n  constructor(private readonly config: ConfigService<Config, true>) {}\n  readonly pool = new Pool({ connectionString: ${asked} });\n}\n`;
const registered = `import { registerAs } from '@nestjs/config';\nexport default registerAs('database', () => ({ url: process.env.DATABASE_URL, old: process.env.LEGACY_DB_URL }));\n`;
const schema = `import convict from 'convict';\nexport const config = convict({ db: { url: { default: '', env: 'DATABASE_URL' } }, old: { default: '', env: 'LEGACY_DB_URL' } });\n`;
const inSchema = ['DATABASE_URL unknown src/config.ts', 'LEGACY_DB_URL unknown src/config.ts'];
const inNest = ['DATABASE_URL unknown src/database.ts', 'LEGACY_DB_URL unknown src/database.ts'];

const cases: Case[] = [
  ...Object.entries({
    json: '{ "db": { "url": "DATABASE_URL" }, "old": "LEGACY_DB_URL" }',
    json5: `{ db: { url: 'DATABASE_URL' } } // all`,
    yaml: 'db:\n  url: DATABASE_URL\nold: LEGACY_DB_URL\n',
    yml: 'db: &db\n  url: DATABASE_URL\n  again: *db\nold: LEGACY_DB_URL\n',
    toml: '[db]\nurl = "DATABASE_URL"\n',
    js: `module.exports = { db: { url: 'DATABASE_URL' }, old: 'LEGACY_DB_URL' };`,
    ts: `const map = { db: { url: 'DATABASE_URL' } };\nexport default map;`,
  }).map(([format, text]): Case => {
    const files = { [`${map}.${format}`]: text, 'src/db.ts': byNodeConfig(`config.get<string>('db.url')`) };
    return [`node-config, mapped in ${format}`, files, found];
  }),
  ...Object.entries({
    'what holds it': `config.get('db').url`,
    'a member': 'config.db.url',
    'a form of its own': `config.get('form')`,
  }).map(([title, asked]): Case => {
    const text = '{ "db": { "url": "DATABASE_URL" }, "form": { "__name": "DATABASE_URL", "__format": "json" } }';
    return [`node-config, asked for ${title}`, { [`${map}.json`]: text, 'src/db.ts': byNodeConfig(asked) }, found];
  }),
  [
    'node-config, set by code',
    {
      'config/default.js': 'module.exports = { db: { url: process.env.DATABASE_URL } };',
      'src/db.ts': byNodeConfig(`config.get('db.url')`),
    },
    [...found, 'DATABASE_URL unknown config/default.js'],
  ],
  [
    'node-config, a key that no variable sets',
    { [`${map}.json`]: '{ "db": { "url": "DATABASE_URL" } }', 'src/db.ts': byNodeConfig(`config.get('other.url')`) },
    [],
  ],
  [
    'an engine for each key',
    {
      [`${map}.json`]: '{ "db": { "url": "DATABASE_URL" }, "queue": { "url": "REDIS_URL" } }',
      'src/db.ts': byNodeConfig(`config.get('db.url')`),
      'src/queue.ts': `import config from 'config';\nimport Redis from 'ioredis';\nexport const queue = new Redis(config.get('queue.url'));\n`,
    },
    [...found, 'REDIS_URL new Redis redis src/queue.ts'],
  ],
  ...Object.entries({
    'a way': `this.config.getOrThrow('database.url', { infer: true })`,
    'a part': `this.config.get('database').url`,
  }).map(([title, asked]): Case => {
    return [
      `Nest, registered, asked for ${title}`,
      { 'src/database.ts': registered, 'src/db.ts': injected(asked) },
      [...found, ...inNest],
    ];
  }),
  [
    'Nest, loaded',
    {
      'src/database.ts':
        'export default () => ({ database: { url: process.env.DATABASE_URL }, old: process.env.LEGACY_DB_URL });',
      'src/app.ts': `import { ConfigModule } from '@nestjs/config';\nimport database from './database';\nexport const imports = [ConfigModule.forRoot({ load: [database] })];\n`,
      'src/db.ts': injected(`this.config.get('database.url')`),
    },
    [...found, ...inNest],
  ],
  [
    'Nest, of the container',
    {
      'src/database.ts': registered,
      'src/db.ts': `import { ConfigService } from '@nestjs/config';\n${pool(`app.get(ConfigService).get('database.url')`)}`,
    },
    [...found, ...inNest],
  ],
  [
    'convict',
    { 'src/config.ts': schema, 'src/db.ts': `import { config } from './config';\n${pool(`config.get('db.url')`)}` },
    [...found, ...inSchema],
  ],
  [
    'convict, all properties',
    {
      'src/config.ts': schema,
      'src/db.ts': `import { config } from './config';\nconst all = config.getProperties();\n${pool('all.db.url')}`,
    },
    [...found, ...inSchema],
  ],
  [
    'Nuxt, overridden by a name of its own',
    {
      'nuxt.config.ts': `export default defineNuxtConfig({ runtimeConfig: { database: { mainUrl: '' } } });`,
      'src/db.ts': pool('useRuntimeConfig().database.mainUrl'),
    },
    ['NUXT_DATABASE_MAIN_URL new Pool postgres src/db.ts'],
  ],
  [
    'Nuxt, set by a variable',
    {
      'nuxt.config.ts': 'export default defineNuxtConfig({ runtimeConfig: { url: process.env.DATABASE_URL } });',
      'src/db.ts': `import { useRuntimeConfig } from '#imports';\nconst { url } = useRuntimeConfig();\n${pool('url')}`,
    },
    [...found, 'DATABASE_URL unknown nuxt.config.ts'],
  ],
  [
    'a path into a config object',
    {
      'src/config.ts':
        'export const config = { db: { url: process.env.DATABASE_URL }, old: process.env.LEGACY_DB_URL };',
      'src/db.ts': `import { get } from 'lodash';\nimport { config } from './config';\n${pool(`get(config, 'db.url')`)}`,
    },
    [...found, ...inSchema],
  ],
];

test.each(cases)('values that are asked for by keys: %s', async (_title, files, uses) => {
  expect(await usesOf(files)).toEqual(uses.toSorted());
});
