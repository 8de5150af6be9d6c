import { describe, expect, test } from 'vitest';
import { found, pool, usesOf } from '../uses.ts';

/** Small projects, and what a maintainer would say of their variables: `NAME consumer engine file`. */
type Case = [title: string, files: Record<string, string>, uses: string[]];

const readings: Case[] = [
  ['a member', { 'src/db.ts': pool('process.env.DATABASE_URL') }, found],
  ['an element', { 'src/db.ts': pool(`process.env['DATABASE_URL']`) }, found],
  [
    'a name that is a string of signs with a meaning in patterns',
    {
      'src/env.ts': `const url = process.env.DATABASE_URL;\nexport { url as '*+(url[' };\n`,
      'src/db.ts': `import { '*+(url[' as url } from './env';\n${pool('url')}`,
    },
    [...found, 'DATABASE_URL unknown src/env.ts'],
  ],
  [
    'beside a client, what only stands in the same file is no part of it',
    {
      'src/db.ts': `${pool('process.env.DATABASE_URL')}export const on = process.env.ENABLE_RATE_LIMIT === 'true';\nexport const port = parseInt(process.env.DB_PORT ?? '', 10);\nexport const said = \`an \${process.env.GITHUB_TOKEN}\`;\nexport const later = async () => process.env.REDIS_URL;\n`,
    },
    [...found, 'DB_PORT unknown src/db.ts', 'REDIS_URL unknown src/db.ts'].toSorted(),
  ],
  ['Reflect.get', { 'src/db.ts': pool(`Reflect.get(process.env, 'DATABASE_URL')`) }, found],
  [
    'what a loader has parsed',
    { 'src/db.ts': `import { config } from 'dotenv';\nconst { parsed } = config();\n${pool('parsed.DATABASE_URL')}` },
    found,
  ],
  [
    'what was made of a dotenv file',
    {
      'src/db.ts': `import { readFileSync } from 'node:fs';\nimport { parse } from 'dotenv';\nconst own = parse(readFileSync('.env.local'));\nconst other = JSON.parse(readFileSync('x.json', 'utf8'));\n${pool('own.DATABASE_URL')}export const second = new Pool({ connectionString: other.POSTGRES_URL });\n`,
    },
    [...found, 'POSTGRES_URL unknown src/db.ts'],
  ],
  [
    'a module of variables as a whole',
    { 'src/db.ts': `import * as secrets from '$env/static/private';\n${pool('secrets.DATABASE_URL')}` },
    found,
  ],
  [
    'a generator of Effect',
    {
      'src/db.ts': `import { Config, Effect } from 'effect';\nimport { Pool } from 'pg';\nexport const db = Effect.gen(function* () {\n  const url = yield* Config.string('DATABASE_URL');\n  return new Pool({ connectionString: url });\n});\n`,
    },
    found,
  ],
  [
    'a static field that a block sets',
    {
      'src/env.ts':
        'export class Env {\n  static url: string;\n  static {\n    Env.url = process.env.DATABASE_URL!;\n  }\n}\n',
      'src/db.ts': `import { Env } from './env';\n${pool('Env.url')}`,
    },
    [...found, 'DATABASE_URL unknown src/env.ts'],
  ],
  [
    'an option that names it',
    {
      'src/config.ts': `import convict from 'convict';\nexport default convict({ db: { url: { env: 'DATABASE_URL' } } });\n`,
    },
    ['DATABASE_URL unknown src/config.ts'],
  ],
  [
    'destructured, renamed, with a default',
    { 'src/db.ts': `const { DATABASE_URL: url = 'postgres://localhost' } = process.env;\n${pool('url')}` },
    found,
  ],
  [
    'destructured deeper',
    { 'src/db.ts': `const { env: { DATABASE_URL } } = process;\n${pool('DATABASE_URL')}` },
    found,
  ],
  [
    'an alias of an alias',
    { 'src/db.ts': `const { env } = process;\nconst all = env;\n${pool('all.DATABASE_URL')}` },
    found,
  ],
  ['node:process', { 'src/db.ts': `import { env as e } from 'node:process';\n${pool('e.DATABASE_URL')}` }, found],
  ['import.meta.env', { 'src/db.ts': pool('import.meta.env.DATABASE_URL') }, found],
  ['Bun.env', { 'src/db.ts': pool('Bun.env.DATABASE_URL') }, found],
  ['Deno.env', { 'src/db.ts': pool(`Deno.env.get('DATABASE_URL')`) }, found],
  ['Deno.env.toObject()', { 'src/db.ts': pool('Deno.env.toObject().DATABASE_URL') }, found],
  [
    'a helper with a default in another module',
    {
      'src/env.ts': 'export const env = (key: string, other?: string) => process.env[key] ?? other;',
      'src/db.ts': `import { env } from './env';\n${pool(`env('DATABASE_URL', 'x')`)}`,
    },
    found,
  ],
  [
    'a helper that demands',
    {
      'src/env.ts': `export function required(name: string) {\n  const value = process.env[name];\n  if (!value) throw new Error(name);\n  return value;\n}`,
      'src/db.ts': `import { required } from './env';\n${pool(`required('DATABASE_URL')`)}`,
    },
    found,
  ],
  [
    'a config object by default export',
    {
      'src/config.ts': 'export default { port: 1, db: { url: process.env.DATABASE_URL } };',
      'src/db.ts': `import config from './config';\n${pool('config.db.url')}`,
    },
    [...found, 'DATABASE_URL unknown src/config.ts'],
  ],
  [
    'a config object through satisfies and as const',
    {
      'src/config.ts': `interface Config { url?: string }\nexport const config = { url: process.env.DATABASE_URL } as const satisfies Config;`,
      'src/db.ts': `import { config } from './config';\n${pool('config.url')}`,
    },
    [...found, 'DATABASE_URL unknown src/config.ts'],
  ],
  [
    'a getter of a class',
    {
      'src/config.ts': `class Config {\n  get url() {\n    return process.env.DATABASE_URL!;\n  }\n}\nexport const config = new Config();`,
      'src/db.ts': `import { config } from './config';\n${pool('config.url')}`,
    },
    [...found, 'DATABASE_URL unknown src/config.ts'],
  ],
  [
    'a static field of a class',
    {
      'src/config.ts': 'export class Config {\n  static readonly url = process.env.DATABASE_URL!;\n}',
      'src/db.ts': `import { Config } from './config';\n${pool('Config.url')}`,
    },
    [...found, 'DATABASE_URL unknown src/config.ts'],
  ],
  [
    'a function that gives the config',
    {
      'src/config.ts': 'export function getConfig() {\n  return { db: { url: process.env.DATABASE_URL } };\n}',
      'src/db.ts': `import { getConfig } from './config';\nconst { db } = getConfig();\n${pool('db.url')}`,
    },
    [...found, 'DATABASE_URL unknown src/config.ts'],
  ],
  ...Object.entries({
    'memoized by a package': `import memoize from 'memoize';\nexport const get = memoize(() => FOUND);`,
    'memoized with options first': `import { memo } from 'x';\nexport const get = memo({ size: 1 })(async () => FOUND);`,
    'a function that is memoized by its name': `import { once } from 'lodash';\nfunction load() {\n  return FOUND;\n}\nexport const get = once(load);`,
    'memoized by the project': `const lazy = (make: () => object) => {\n  let value;\n  return () => (value ??= make());\n};\nexport const get = lazy(() => FOUND);\nexport const other = lazy(() => ({ url: process.env.OTHER_DATABASE_URL }));`,
    'registered at a framework': `import { registerAs } from '@nestjs/config';\nexport const get = registerAs('db', () => FOUND);`,
  }).map(([title, config]): Case => {
    const text = config.replace('FOUND', '({ url: process.env.DATABASE_URL })');
    const others = text.includes('OTHER') ? ['OTHER_DATABASE_URL unknown src/config.ts'] : [];
    const files = { 'src/config.ts': text, 'src/db.ts': `import { get } from './config';\n${pool('get().url')}` };
    return [title, files, [...found, 'DATABASE_URL unknown src/config.ts', ...others]];
  }),
  [
    'a name passed on by a barrel',
    {
      'src/config/env.ts': 'export const DATABASE_URL = process.env.DATABASE_URL!;',
      'src/config/index.ts': `export * from './env';`,
      'src/db.ts': `import { DATABASE_URL } from './config';\n${pool('DATABASE_URL')}`,
    },
    [...found, 'DATABASE_URL unknown src/config/env.ts'],
  ],
  [
    'a name renamed by a barrel',
    {
      'src/config/env.ts': 'export const url = process.env.DATABASE_URL!;',
      'src/config/index.ts': `export { url as databaseUrl } from './env';`,
      'src/db.ts': `import { databaseUrl } from './config';\n${pool('databaseUrl')}`,
    },
    [...found, 'DATABASE_URL unknown src/config/env.ts'],
  ],
  [
    'a namespace import',
    {
      'src/env.ts': 'export const DATABASE_URL = process.env.DATABASE_URL!;',
      'src/db.ts': `import * as env from './env';\n${pool('env.DATABASE_URL')}`,
    },
    [...found, 'DATABASE_URL unknown src/env.ts'],
  ],
  [
    'options spread',
    {
      'src/db.ts': `import { Pool } from 'pg';\nconst base = { connectionString: process.env.DATABASE_URL };\nexport const pool = new Pool({ ...base, max: 5 });`,
    },
    found,
  ],
  ['more behind it', { 'src/db.ts': pool(`\`\${process.env.DATABASE_URL}?sslmode=require\``) }, found],
  [
    'parsed as a URL',
    {
      'src/db.ts': `import { Pool } from 'pg';\nconst url = new URL(process.env.DATABASE_URL!);\nexport const pool = new Pool({ host: url.hostname, password: url.password });`,
    },
    found,
  ],
  [
    'CommonJS',
    {
      'src/config.js': 'module.exports = { db: { url: process.env.DATABASE_URL } };',
      'src/db.js': `const { Pool } = require('pg');\nconst { db } = require('./config');\nmodule.exports = new Pool({ connectionString: db.url });`,
    },
    ['DATABASE_URL new Pool postgres src/db.js', 'DATABASE_URL unknown src/config.js'],
  ],
  [
    'a dynamic import',
    {
      'src/db.ts': `export async function open() {\n  const { Pool } = await import('pg');\n  return new Pool({ connectionString: process.env.DATABASE_URL });\n}`,
    },
    found,
  ],
  [
    'import = require in .cts',
    {
      'src/db.cts': `import pg = require('pg');\nexport = new pg.Pool({ connectionString: process.env.DATABASE_URL });`,
    },
    ['DATABASE_URL new pg.Pool postgres src/db.cts'],
  ],
  ['.mts', { 'src/db.mts': pool('process.env.DATABASE_URL') }, ['DATABASE_URL new Pool postgres src/db.mts']],
  ['SvelteKit', { 'src/db.ts': `import { DATABASE_URL as url } from '$env/static/private';\n${pool('url')}` }, found],
  [
    'Astro',
    {
      'src/page.astro': `---\nimport { DATABASE_URL } from 'astro:env/server';\nimport postgres from 'postgres';\nconst sql = postgres(DATABASE_URL);\n---\n<p>{1 < 2}</p>`,
    },
    ['DATABASE_URL postgres postgres src/page.astro'],
  ],
  [
    'a Vue component',
    {
      'src/a.vue': `<template><p>{{ a }}</p></template>\n<script setup lang="ts">\nimport { createClient } from 'redis';\nconst a = createClient({ url: import.meta.env.REDIS_URL });\n</script>`,
    },
    ['REDIS_URL createClient redis src/a.vue'],
  ],
  [
    'a component of React',
    {
      'src/a.tsx': `import { neon } from '@neondatabase/serverless';\nconst sql = neon(process.env.DATABASE_URL!);\nexport const Page = async () => <ul>{(await sql\`SELECT 1\`).map((one) => <li key={one.a}>{one.a}</li>)}</ul>;`,
    },
    ['DATABASE_URL neon postgres src/a.tsx'],
  ],
  [
    'a value that a call of itself gives',
    {
      'src/db.ts': `${pool('process.env.DATABASE_URL')}let client: any;\nclient = client.extend();\nnew client(process.env.OTHER_URL);\n`,
    },
    found,
  ],
  [
    'values that calls of each other give',
    {
      'src/db.ts': `${pool('process.env.DATABASE_URL')}let a: any, b: any;\na = b.of();\nb = a.of();\nb.with(process.env.OTHER_URL);\n`,
    },
    found,
  ],
  [
    'a function that returns a call of itself',
    {
      'src/db.ts': `${pool('process.env.DATABASE_URL')}const next = () => next().next();\nnext()(process.env.OTHER_URL);\n`,
    },
    found,
  ],
];

const checked: Case[] = [
  [
    'envalid: each its own',
    {
      'src/env.ts': `import { cleanEnv, url } from 'envalid';\nexport const env = cleanEnv(process.env, { DATABASE_URL: url(), REDIS_URL: url() });`,
      'src/db.ts': `import { env } from './env';\nimport { createClient } from 'redis';\nexport const redis = createClient({ url: env.REDIS_URL });\n${pool('env.DATABASE_URL')}`,
    },
    ['DATABASE_URL new Pool postgres src/db.ts', 'REDIS_URL createClient redis src/db.ts'],
  ],
  [
    't3-env: each its own',
    {
      'src/env.ts': `import { createEnv } from '@t3-oss/env-core';\nimport { z } from 'zod';\nexport const env = createEnv({\n  server: { DATABASE_URL: z.url(), REDIS_URL: z.url().optional() },\n  runtimeEnv: { DATABASE_URL: process.env.DATABASE_URL, REDIS_URL: process.env.REDIS_URL },\n});`,
      'src/cache.ts': `import Redis from 'ioredis';\nimport { env } from './env';\nexport const store = new Redis(env.REDIS_URL!);`,
      'src/db.ts': `import { env } from './env';\n${pool('env.DATABASE_URL')}`,
    },
    [
      'DATABASE_URL new Pool postgres src/db.ts',
      'DATABASE_URL unknown src/env.ts',
      'REDIS_URL cache redis src/cache.ts',
      'REDIS_URL unknown src/env.ts',
    ],
  ],
  [
    'zod, the result taken apart',
    {
      'src/env.ts': `import { z } from 'zod';\nconst schema = z.object({ DATABASE_URL: z.string(), REDIS_URL: z.string() });\nconst parsed = schema.safeParse({ DATABASE_URL: process.env.DATABASE_URL, REDIS_URL: process.env.REDIS_URL });\nif (!parsed.success) throw new Error('env');\nexport const env = parsed.data;`,
      'src/db.ts': `import { env } from './env';\n${pool('env.DATABASE_URL')}`,
    },
    ['DATABASE_URL new Pool postgres src/db.ts', 'DATABASE_URL unknown src/env.ts', 'REDIS_URL unknown src/env.ts'],
  ],
  [
    'a demand of one says nothing of another',
    {
      'src/env.ts': `import { z } from 'zod';\nexport const env = z.object({ DATABASE_URL: z.string(), REDIS_URL: z.string().optional() }).parse(process.env);`,
      'src/db.ts': `import { env } from './env';\nif (env.REDIS_URL) console.log('with a queue');\n${pool('env.DATABASE_URL')}`,
    },
    ['DATABASE_URL new Pool postgres src/db.ts', 'REDIS_URL switch src/db.ts'],
  ],
  ...Object.entries({
    'without being handed the environment': `import { envsafe, str } from 'envsafe';\nexport const env = envsafe({ DATABASE_URL: str() });`,
    'by a JSON schema': `import envSchema from 'env-schema';\nexport const env = envSchema({ schema: { properties: { DATABASE_URL: { type: 'string' } } } });`,
    'by a library that nobody knows': `import { record, text } from 'x';\nexport const env = record({ DATABASE_URL: text().filled() }).read();`,
  }).map(([title, config]): Case => {
    const files = { 'src/env.ts': config, 'src/db.ts': `import { env } from './env';\n${pool('env.DATABASE_URL')}` };
    const isKnown = config.includes('envsafe');
    return [title, files, isKnown ? found : [...found, 'DATABASE_URL unknown src/env.ts']];
  }),
  [
    'under the name that it has for the library, not the one that is read',
    {
      'src/env.ts': `import { check, text } from 'x';\nexport const env = check({ shape: { DATABASE_URL: text() }, values: { DATABASE_URL: process.env.MAIN_DATABASE_URL } });`,
      'src/db.ts': `import { env } from './env';\n${pool('env.DATABASE_URL')}`,
    },
    [
      'DATABASE_URL unknown src/db.ts',
      'DATABASE_URL unknown src/env.ts',
      'MAIN_DATABASE_URL new Pool postgres src/db.ts',
      'MAIN_DATABASE_URL unknown src/env.ts',
    ],
  ],
];

const handedOn: Case[] = [
  [
    'nothing to an error, and to a queue no connection but a name first',
    {
      'src/jobs.ts': `import { Prisma } from '@prisma/client';\nimport { Queue } from 'bullmq';\nexport const jobs = new Queue(process.env.REDIS_NAME!, { connection: { url: process.env.REDIS_URL! } });\nexport function fail() {\n  throw new Prisma.PrismaClientKnownRequestError(process.env.DATABASE_URL!, {} as never);\n}\n`,
    },
    ['DATABASE_URL unknown src/jobs.ts', 'REDIS_NAME unknown src/jobs.ts', 'REDIS_URL new Queue redis src/jobs.ts'],
  ],
  [
    'to a factory of a workspace package',
    {
      'packages/db/package.json': '{ "name": "@app/db", "main": "src/index.ts" }',
      'packages/db/src/index.ts': `import { Pool } from 'pg';\nexport const createDb = (url: string) => new Pool({ connectionString: url });`,
      'src/main.ts': `import { createDb } from '@app/db';\nexport const db = createDb(process.env.DATABASE_URL!);`,
    },
    ['DATABASE_URL new Pool postgres src/main.ts'],
  ],
  [
    'to a constructor with a field',
    {
      'src/store.ts': `import { Pool } from 'pg';\nexport class Store {\n  private pool: Pool;\n  constructor(private readonly url: string) {\n    this.pool = new Pool({ connectionString: this.url });\n  }\n}`,
      'src/main.ts': `import { Store } from './store';\nexport const store = new Store(process.env.DATABASE_URL!);`,
    },
    ['DATABASE_URL new Pool postgres src/main.ts'],
  ],
  [
    'in options that are destructured',
    {
      'src/store.ts': `import { Pool } from 'pg';\nexport function open({ url, max = 5 }: { url: string; max?: number }) {\n  return new Pool({ connectionString: url, max });\n}`,
      'src/main.ts': `import { open } from './store';\nexport const store = open({ url: process.env.DATABASE_URL! });`,
    },
    ['DATABASE_URL new Pool postgres src/main.ts'],
  ],
  [
    'through two functions, the second by a barrel under another name',
    {
      'src/lib/connect.ts': `import Redis from 'ioredis';\nexport function connect(url: string) {\n  return new Redis(url);\n}`,
      'src/lib/index.ts': `export { connect as openRedis } from './connect';`,
      'src/queue.ts': `import { openRedis } from './lib';\nexport const openQueue = (url: string) => openRedis(url);`,
      'src/main.ts': `import { openQueue } from './queue';\nexport const queue = openQueue(process.env.REDIS_URL!);`,
    },
    ['REDIS_URL new Redis redis src/main.ts'],
  ],
  [
    'to a factory that has credentials beside it',
    {
      'src/connect.ts': `import Redis from 'ioredis';\nconst secret = () => process.env.REDIS_PASSWORD;\nfunction open(url: string, password?: string) {\n  return new Redis(url, { password });\n}\nexport const connect = (url: string) => open(url, secret());`,
      'src/main.ts': `import { connect } from './connect';\nexport const queue = connect(process.env.REDIS_URL!);`,
    },
    [
      'REDIS_PASSWORD new Redis redis src/connect.ts',
      'REDIS_PASSWORD new Redis redis src/main.ts',
      'REDIS_URL new Redis redis src/main.ts',
    ],
  ],
  [
    'to a default export under a name of its own',
    {
      'src/connect.ts': `import Redis from 'ioredis';\nexport default function connect(url: string) {\n  return new Redis(url);\n}`,
      'src/main.ts': `import openRedis from './connect';\nexport const queue = openRedis(process.env.REDIS_URL!);`,
    },
    ['REDIS_URL new Redis redis src/main.ts'],
  ],
  [
    'to a default export that a barrel gives a name',
    {
      'src/connect.ts': `import Redis from 'ioredis';\nexport default (url: string) => new Redis(url);`,
      'src/lib.ts': `export { default as openRedis } from './connect';`,
      'src/main.ts': `import { openRedis } from './lib';\nexport const queue = openRedis(process.env.REDIS_URL!);`,
    },
    ['REDIS_URL new Redis redis src/main.ts'],
  ],
  [
    'to a class that has the constructor of what it extends',
    {
      'src/queues.ts': `import Redis from 'ioredis';\nexport class Queues extends Redis {}`,
      'src/main.ts': `import { Queues } from './queues';\nexport const queues = new Queues(process.env.REDIS_URL!);`,
    },
    ['REDIS_URL new Queues redis src/main.ts'],
  ],
  [
    'to what a promise of a module gives',
    {
      'src/db.ts': `export const db = import('pg').then(({ Pool }) => new Pool({ connectionString: process.env.DATABASE_URL }));`,
    },
    found,
  ],
  [
    'to what a module of CommonJS is',
    {
      'src/connect.js': `const Redis = require('ioredis');\nconst connect = (url) => new Redis(url);\nmodule.exports = connect;`,
      'src/main.js': `const open = require('./connect');\nmodule.exports = open(process.env.REDIS_URL);`,
    },
    ['REDIS_URL new Redis redis src/main.js'],
  ],
  [
    'to a function imported under another name',
    {
      'src/connect.ts': `import Redis from 'ioredis';\nexport const connect = (url: string) => new Redis(url);`,
      'src/main.ts': `import { connect as open } from './connect';\nexport const queue = open(process.env.REDIS_URL!);`,
    },
    ['REDIS_URL new Redis redis src/main.ts'],
  ],
  [
    'to a method of an object',
    {
      'src/connect.ts': `import Redis from 'ioredis';\nexport const queues = { open: (url: string) => new Redis(url) };`,
      'src/main.ts': `import { queues } from './connect';\nexport const queue = queues.open(process.env.REDIS_URL!);`,
    },
    ['REDIS_URL new Redis redis src/main.ts'],
  ],
  [
    'to a static method, through a namespace import',
    {
      'src/connect.ts': `import Redis from 'ioredis';\nexport class Queues {\n  static open(url: string) {\n    return new Redis(url);\n  }\n}`,
      'src/main.ts': `import * as connect from './connect';\nexport const queue = connect.Queues.open(process.env.REDIS_URL!);`,
    },
    ['REDIS_URL new Redis redis src/main.ts'],
  ],
  [
    'as the default of a parameter',
    {
      'src/redis.ts': `import Redis from 'ioredis';\nexport function connect(url = process.env.REDIS_URL!) {\n  return new Redis(url);\n}`,
    },
    ['REDIS_URL new Redis redis src/redis.ts'],
  ],
  [
    'to the constructor of what is extended',
    {
      'src/prisma.ts': `import { PrismaClient } from '@prisma/client';\nexport class Prisma extends PrismaClient {\n  constructor() {\n    super({ datasources: { db: { url: process.env.DATABASE_URL } } });\n  }\n}`,
    },
    ['DATABASE_URL new PrismaClient src/prisma.ts'],
  ],
  [
    'to a plugin of Fastify',
    {
      'src/app.ts': `import fastifyPostgres from '@fastify/postgres';\nimport Fastify from 'fastify';\nconst app = Fastify();\napp.register(fastifyPostgres, { connectionString: process.env.DATABASE_URL });`,
    },
    ['DATABASE_URL fastifyPostgres postgres src/app.ts'],
  ],
  [
    'inside a plugin of Elysia',
    {
      'src/app.ts': `import { drizzle } from 'drizzle-orm/node-postgres';\nimport { Elysia } from 'elysia';\nexport const app = new Elysia().decorate('db', drizzle(process.env.DATABASE_URL!));`,
    },
    ['DATABASE_URL drizzle postgres src/app.ts'],
  ],
  [
    'by the ConfigService of Nest',
    {
      'src/db.service.ts': `import { Injectable } from '@nestjs/common';\nimport { ConfigService } from '@nestjs/config';\nimport { Pool } from 'pg';\n@Injectable()\nexport class Db {\n  readonly pool: Pool;\n  constructor(private readonly config: ConfigService) {\n    this.pool = new Pool({ connectionString: this.config.getOrThrow<string>('DATABASE_URL') });\n  }\n}`,
    },
    ['DATABASE_URL new Pool postgres src/db.service.ts'],
  ],
  [
    'by a getter and a method of what is injected by its type',
    {
      'src/env.service.ts': `import { ConfigService } from '@nestjs/config';\nexport class EnvService {\n  constructor(private readonly config: ConfigService) {}\n  get url() {\n    return this.config.getOrThrow('DATABASE_URL');\n  }\n  redis() {\n    return process.env.REDIS_URL!;\n  }\n}`,
      'src/db.ts': `import Redis from 'ioredis';\nimport { Pool } from 'pg';\nimport { EnvService } from './env.service';\nexport class Db {\n  @Inject() private readonly field!: EnvService;\n  constructor(private readonly env: EnvService) {}\n  open() {\n    return new Pool({ connectionString: this.env.url });\n  }\n  queue() {\n    return new Redis(this.field.redis());\n  }\n}`,
    },
    [
      ...found,
      'DATABASE_URL unknown src/env.service.ts',
      'REDIS_URL new Redis redis src/db.ts',
      'REDIS_URL unknown src/env.service.ts',
    ],
  ],
  [
    'by a config that a type names',
    {
      'src/config.ts': `import { registerAs } from '@nestjs/config';\nexport const config = registerAs('db', () => ({ url: process.env.DATABASE_URL }));\nexport const redis = { main: { url: process.env.REDIS_URL! } };`,
      'src/db.ts': `import Redis from 'ioredis';\nimport { Pool } from 'pg';\nimport { config, redis } from './config';\nexport const open = ({ url }: ConfigType<typeof config>) => new Pool({ connectionString: url });\nexport const queue = (at: typeof redis.main) => new Redis(at.url);`,
    },
    [
      ...found,
      'DATABASE_URL unknown src/config.ts',
      'REDIS_URL new Redis redis src/db.ts',
      'REDIS_URL unknown src/config.ts',
    ],
  ],
  [
    'to nothing by the type of a client',
    {
      'src/db.ts': `import { Pool } from 'pg';\nexport class Store {\n  constructor(private pool: Pool) {}\n  find() {\n    return this.pool.query('x', [process.env.DB_NAME]);\n  }\n}`,
    },
    ['DB_NAME unknown src/db.ts'],
  ],
  [
    'by a factory of a Nest provider',
    {
      'src/db.module.ts': `import { Module } from '@nestjs/common';\nimport { ConfigService } from '@nestjs/config';\nimport { Pool } from 'pg';\n@Module({ providers: [{ provide: 'DB', inject: [ConfigService], useFactory: (config: ConfigService) => new Pool({ connectionString: config.get('DATABASE_URL') }) }] })\nexport class DbModule {}`,
    },
    ['DATABASE_URL new Pool postgres src/db.module.ts'],
  ],
  [
    'as parts',
    {
      'src/db.ts': `import mysql from 'mysql2/promise';\nexport const db = mysql.createPool({ host: process.env.DB_HOST, port: Number(process.env.DB_PORT), ssl: process.env.DB_SSL === 'true' ? {} : undefined });`,
    },
    [
      'DB_HOST mysql.createPool mysql src/db.ts',
      'DB_PORT mysql.createPool mysql src/db.ts',
      'DB_SSL unknown src/db.ts',
    ],
  ],
  [
    'to a cache by its name',
    { 'src/redis.ts': `import Redis from 'ioredis';\nexport const cache = new Redis(process.env.REDIS_URL!);` },
    ['REDIS_URL cache redis src/redis.ts'],
  ],
  [
    'to nothing that its file has beside it',
    {
      'src/db.ts': `${pool('process.env.DATABASE_URL')}console.log(process.env.DB_NAME);\nexport const port = parseInt(process.env.REDIS_PORT!, 10);`,
    },
    ['DATABASE_URL new Pool postgres src/db.ts', 'DB_NAME unknown src/db.ts', 'REDIS_PORT unknown src/db.ts'],
  ],
  [
    'to nothing of a package that gives only a type',
    {
      'src/db.ts': `import type { Pool } from 'pg';\nexport const url = process.env.DATABASE_URL;\nexport let pool: Pool;`,
    },
    ['DATABASE_URL unknown src/db.ts'],
  ],
  [
    'of what a class inherits',
    {
      'src/base.ts': 'export abstract class Base {\n  protected readonly url = process.env.DATABASE_URL!;\n}\n',
      'src/db.ts': `import { Pool } from 'pg';\nimport { Base } from './base';\nexport class Db extends Base {\n  readonly pool = new Pool({ connectionString: this.url });\n}\n`,
    },
    [...found, 'DATABASE_URL unknown src/base.ts'],
  ],
  [
    'by a type that has a name',
    {
      'src/config.ts': `export const config = { db: { url: process.env.DATABASE_URL! } };\nexport type Config = typeof config;\nexport type Db = Config['db'];\n`,
      'src/db.ts': `import { Pool } from 'pg';\nimport type { Db } from './config';\nexport const open = (db: Db) => new Pool({ connectionString: db.url });\n`,
    },
    [...found, 'DATABASE_URL unknown src/config.ts'],
  ],
  [
    'under names in an object that comes from elsewhere',
    {
      'src/db.ts': `import express from 'express';\nconst app = express();\napp.locals.urls.main = process.env.DATABASE_URL;\napp.locals.urls.other = process.env.LEGACY_DB_URL;\n${pool('app.locals.urls.main')}`,
    },
    [...found, 'LEGACY_DB_URL unknown src/db.ts'],
  ],
  ...Object.entries({
    'each of a list': 'URLS.map((connectionString) => new Pool({ connectionString }));',
    'each of a list of objects': 'URLS.map((url) => ({ url })).map(({ url }) => new Pool({ connectionString: url }));',
    'each in a loop': 'for (const connectionString of URLS) new Pool({ connectionString });',
    'a callback of a library': `import { Effect } from 'effect';\nEffect.map(URLS, (connectionString) => new Pool({ connectionString }));`,
    'a step of a pipe': `import { Effect } from 'effect';\nURLS.pipe(Effect.map((connectionString) => new Pool({ connectionString })));`,
  }).map(([title, code]): Case => {
    const text = `import { Pool } from 'pg';\n${code.replace('URLS', '[process.env.DATABASE_URL]')}\n`;
    return [`to ${title}`, { 'src/db.ts': text }, found];
  }),
  [
    'to a builder of more than one engine',
    {
      'src/db.ts': `import knex from 'knex';\nconst all = { test: { client: 'sqlite3', connection: process.env.DATABASE_URL }, production: { client: 'pg', connection: process.env.DATABASE_URL } };\nexport const db = knex(all[process.env.NODE_ENV]);\n`,
    },
    ['DATABASE_URL knex postgres src/db.ts', 'DATABASE_URL knex sqlite src/db.ts'],
  ],
  [
    'to the constructor of what extends a class, and by super()',
    {
      'src/base.ts': `import { Pool } from 'pg';\nexport abstract class Base {\n  pool: Pool;\n  constructor(url: string) {\n    this.pool = new Pool({ connectionString: url });\n  }\n}\n`,
      'src/a.ts': `import { Base } from './base';\nexport class Main extends Base {\n  constructor() {\n    super(process.env.DATABASE_URL!);\n  }\n}\n`,
      'src/b.ts': `import { Base } from './base';\nclass Plain extends Base {}\nclass Other extends Plain {}\nexport const other = new Other(process.env.REPORTS_DATABASE_URL!);\n`,
    },
    ['DATABASE_URL new Pool postgres src/a.ts', 'REPORTS_DATABASE_URL new Pool postgres src/b.ts'],
  ],
  [
    'by a class that a container makes',
    {
      'src/options.ts': `export class Options {\n  createTypeOrmOptions() {\n    return { type: 'mysql', url: process.env.DATABASE_URL };\n  }\n}\n`,
      'src/app.ts': `import { TypeOrmModule } from '@nestjs/typeorm';\nimport { Options } from './options';\nexport const imports = [TypeOrmModule.forRootAsync({ useClass: Options })];\n`,
    },
    ['DATABASE_URL TypeOrmModule.forRootAsync mysql src/app.ts', 'DATABASE_URL unknown src/options.ts'],
  ],
  [
    'by name to a builder',
    {
      'src/db.ts': `import knex from 'knex';\nexport const db = knex({ client: 'mysql2', connection: process.env.DATABASE_URL });`,
    },
    ['DATABASE_URL knex mysql src/db.ts'],
  ],
];

const conditions: Case[] = [
  [
    'a case that stands for a test',
    {
      'src/a.ts':
        'switch (true) {\n  case Boolean(process.env.REDIS_URL):\n    startQueue();\n    break;\n  case process.env.MONGO_URL === undefined:\n    startStore();\n}',
    },
    ['MONGO_URL switch src/a.ts', 'REDIS_URL switch src/a.ts'],
  ],
  [
    'a case that demands',
    {
      'src/a.ts': `switch (true) {\n  case !process.env.DATABASE_URL:\n    throw new Error('DATABASE_URL');\n}`,
    },
    ['DATABASE_URL unknown src/a.ts'],
  ],
  ['a switch', { 'src/a.ts': `if (process.env.REDIS_URL) startQueue();` }, ['REDIS_URL switch src/a.ts']],
  [
    'a client or none',
    {
      'src/a.ts': `import Redis from 'ioredis';\nexport const redis = process.env.REDIS_URL ? new Redis(process.env.REDIS_URL) : null;`,
    },
    ['REDIS_URL new Redis redis src/a.ts', 'REDIS_URL switch src/a.ts'],
  ],
  [
    'a demand',
    {
      'src/db.ts': `if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL');\n${pool('process.env.DATABASE_URL')}`,
    },
    found,
  ],
  [
    'a demand by a helper that ends the program',
    {
      'src/db.ts': `const url = process.env.DATABASE_URL;\nif (!url) {\n  console.error('no DATABASE_URL');\n  process.exit(1);\n}\n${pool('url')}`,
    },
    found,
  ],
  [
    'another one instead',
    { 'src/db.ts': pool('process.env.DATABASE_URL ?? process.env.POSTGRES_URL') },
    [...found, 'POSTGRES_URL new Pool postgres src/db.ts'],
  ],
  [
    'put together without it',
    {
      'src/db.ts': pool(
        `process.env.DATABASE_URL || \`postgres://\${process.env.DB_USER}@\${process.env.DB_HOST}/app\``,
      ),
    },
    [
      'DATABASE_URL composition src/db.ts',
      'DATABASE_URL new Pool postgres src/db.ts',
      'DB_HOST new Pool postgres src/db.ts',
      'DB_USER new Pool postgres src/db.ts',
    ],
  ],
  [
    'a test of its type',
    { 'src/a.ts': `if (typeof process.env.REDIS_URL === 'string') start();` },
    ['REDIS_URL switch src/a.ts'],
  ],
  [
    'a test of what it holds, for the options of its client',
    {
      'src/a.ts': `import Redis from 'ioredis';\nconst url = process.env.REDIS_URL!;\nexport const redis = new Redis(url, url.startsWith('rediss://') ? { tls: {} } : {});\nexport const isFar = !url.includes('localhost');`,
    },
    ['REDIS_URL new Redis redis src/a.ts'],
  ],
  [
    'a test of what it holds, for what runs',
    { 'src/a.ts': `if (process.env.REDIS_URL?.startsWith('redis')) startQueue();` },
    ['REDIS_URL switch src/a.ts'],
  ],
  [
    'a warning where it is missing',
    {
      'src/a.ts': `import Redis from 'ioredis';\nif (!process.env.REDIS_URL) console.warn('REDIS_URL is not set');\nexport const redis = new Redis(process.env.REDIS_URL!);`,
    },
    ['REDIS_URL new Redis redis src/a.ts'],
  ],
  [
    'a flag in a config object',
    { 'src/config.ts': 'export const features = { queue: Boolean(process.env.REDIS_URL) };' },
    ['REDIS_URL switch src/config.ts'],
  ],
  [
    'what configures a tool that owns the schema is no client',
    {
      'payload.config.ts': `import { postgresAdapter } from '@payloadcms/db-postgres';\nexport default buildConfig({ db: postgresAdapter({ pool: { connectionString: process.env.DATABASE_URL } }) });`,
    },
    ['DATABASE_URL owner postgres payload.config.ts'],
  ],
  [
    'an address by the name of nothing, handed to a store of any engine',
    { 'src/a.ts': `import Keyv from 'keyv';\nexport const store = new Keyv(process.env.STORE_URL);` },
    [],
  ],
  [
    'an error of a client takes no connection',
    {
      'src/a.ts': `import { MongoServerError } from 'mongodb';\nexport const of = () => new MongoServerError({ message: process.env.MONGO_URL });`,
    },
    ['MONGO_URL unknown src/a.ts'],
  ],
  [
    'a queue whose name is a variable',
    {
      'src/a.ts': `import Queue from 'bull';\nexport const queue = new Queue(process.env.DATABASE_URL, process.env.REDIS_URL);`,
    },
    ['DATABASE_URL unknown src/a.ts', 'REDIS_URL new Queue redis src/a.ts'],
  ],
  [
    'what of a queue takes no name',
    {
      'src/a.ts': `import { FlowProducer } from 'bullmq';\nexport const flows = new FlowProducer({ connection: { url: process.env.REDIS_URL } });`,
    },
    ['REDIS_URL new FlowProducer redis src/a.ts'],
  ],
  [
    'an answer that the server is at fault',
    { 'src/a.ts': `export const get = (res) => {\n  if (!process.env.DATABASE_URL) return res.status(503).end();\n};` },
    ['DATABASE_URL unknown src/a.ts'],
  ],
  [
    'an answer that there is nothing',
    { 'src/a.ts': `export const get = (res) => {\n  if (!process.env.DATABASE_URL) return res.status(404).end();\n};` },
    ['DATABASE_URL switch src/a.ts'],
  ],
  [
    'a complaint in a list',
    { 'src/a.ts': `if (!process.env.DATABASE_URL) missing.push('DATABASE_URL');` },
    ['DATABASE_URL unknown src/a.ts'],
  ],
  [
    'a function that always throws',
    { 'src/a.ts': `function without() {\n  throw new Error('no');\n}\nif (!process.env.REDIS_URL) without();` },
    ['REDIS_URL unknown src/a.ts'],
  ],
  [
    'a function that may go on',
    {
      'src/a.ts': `function without() {\n  if (quiet) return 1;\n  throw new Error('no');\n}\nif (!process.env.REDIS_URL) without();`,
    },
    ['REDIS_URL switch src/a.ts'],
  ],
  [
    'a part of a test that throws',
    { 'src/a.ts': `if (process.env.REDIS_URL && strict) throw new Error('one too many');` },
    ['REDIS_URL unknown src/a.ts'],
  ],
  [
    'the same client with it and without',
    {
      'src/db.ts': `import { Pool } from 'pg';\nexport const pool = process.env.DATABASE_URL ? new Pool({ connectionString: process.env.DATABASE_URL }) : new Pool();`,
    },
    found,
  ],
  [
    'a default',
    { 'src/a.ts': `export const url = process.env.REDIS_URL ? process.env.REDIS_URL : 'redis://localhost';` },
    ['REDIS_URL unknown src/a.ts'],
  ],
  [
    'nothing instead',
    { 'src/a.ts': `export const url = process.env.REDIS_URL ? process.env.REDIS_URL : '';` },
    ['REDIS_URL switch src/a.ts'],
  ],
  [
    'whether all of it is written out otherwise',
    {
      'src/a.ts': `export const lacking = !process.env.DATABASE_URL || \`\${process.env.DB_HOST}\${process.env.DB_USER}\`;`,
    },
    ['DATABASE_URL switch src/a.ts', 'DB_HOST unknown src/a.ts', 'DB_USER unknown src/a.ts'],
  ],
  [
    'what another module keeps under a name of its own',
    {
      'packages/db/package.json': '{ "name": "@app/db", "main": "src/index.ts" }',
      'packages/db/src/index.ts': 'export const config = { redis: { url: process.env.REDIS_URL }, web: { url: 1 } };',
      'src/a.ts': `import { config } from '@app/db';\nif (config.redis?.url) startQueue();`,
      'src/b.ts': `import { config } from '@app/db';\nif (config.web.url) startWeb();`,
      'src/c.ts': 'export const queueUrl = process.env.VALKEY_URL;',
      'src/d.ts': `import { queueUrl } from './c';\nexport const queue = queueUrl ? connect() : null;`,
    },
    [
      'REDIS_URL switch src/a.ts',
      'REDIS_URL unknown packages/db/src/index.ts',
      'VALKEY_URL switch src/d.ts',
      'VALKEY_URL unknown src/c.ts',
    ],
  ],
  [
    'a test of the result of a query',
    {
      'src/db.ts': `${pool('process.env.DATABASE_URL')}export async function one() {\n  const { rows } = await pool.query('SELECT 1');\n  if (rows.length > 0) return rows[0];\n  return null;\n}`,
    },
    found,
  ],
];

const further: Case[] = [
  [
    'a getter of an object',
    {
      'src/config.ts': 'export const config = {\n  get url() {\n    return process.env.DATABASE_URL;\n  },\n};',
      'src/db.ts': `import { config } from './config';\n${pool('config.url')}`,
    },
    [...found, 'DATABASE_URL unknown src/config.ts'],
  ],
  [
    'a name in a constant of another module',
    {
      'src/names.ts': `export const KEY = 'DATABASE_URL';`,
      'src/db.ts': `import { KEY } from './names';\n${pool('process.env[KEY]')}`,
    },
    found,
  ],
  [
    'a name in an enum',
    { 'src/db.ts': `enum Key {\n  Url = 'DATABASE_URL',\n}\n${pool('process.env[Key.Url]')}` },
    found,
  ],
  [
    'a name put together of constants',
    {
      'src/names.ts': `export const STEM = 'DATABASE';`,
      'src/db.ts': `import { STEM } from './names';\nconst key = \`\${STEM}_URL\`;\n${pool('process.env[key]')}export const other = process.env['DB' + '_NAME'];\n`,
    },
    [...found, 'DB_NAME unknown src/db.ts'],
  ],
  [
    'a name put together of what a function is given',
    {
      'src/env.ts': 'export const urlOf = (stem: string) => process.env[stem + `_URL`];',
      'src/db.ts': `import { urlOf } from './env';\n${pool(`urlOf('DATABASE')`)}`,
    },
    found,
  ],
  [
    'a name in an enum of another module, given to a function',
    {
      'src/env.ts': `export enum Key {\n  Url = 'DATABASE_URL',\n}\nexport const read = (key: Key) => process.env[key];`,
      'src/db.ts': `import { Key, read } from './env';\n${pool('read(Key.Url)')}`,
    },
    found,
  ],
  [
    'a name in an object of names',
    {
      'src/names.ts': `export const names = { url: 'DATABASE_URL' } as const;`,
      'src/db.ts': `import { names } from './names';\n${pool('process.env[names.url]')}`,
    },
    found,
  ],
  [
    'destructured and exported',
    {
      'src/env.ts': 'export const { DATABASE_URL, REDIS_URL } = process.env;',
      'src/db.ts': `import { DATABASE_URL } from './env';\n${pool('DATABASE_URL')}`,
    },
    [...found, 'DATABASE_URL unknown src/env.ts', 'REDIS_URL unknown src/env.ts'],
  ],
  [
    'an asynchronous loader',
    {
      'src/env.ts': 'export async function load() {\n  return { url: process.env.DATABASE_URL };\n}',
      'src/db.ts': `import { load } from './env';\nconst { url } = await load();\n${pool('url')}`,
    },
    [...found, 'DATABASE_URL unknown src/env.ts'],
  ],
  [
    'a private field',
    {
      'src/db.ts': `import { Pool } from 'pg';\nexport class Db {\n  #url = process.env.DATABASE_URL;\n  open() {\n    return new Pool({ connectionString: this.#url });\n  }\n}`,
    },
    found,
  ],
  [
    'Object.assign',
    {
      'src/db.ts': `import { Pool } from 'pg';\nconst options = Object.assign({ max: 5 }, { connectionString: process.env.DATABASE_URL });\nexport const pool = new Pool(options);`,
    },
    found,
  ],
  [
    'one of two by the mode',
    { 'src/db.ts': pool(`process.env.NODE_ENV === 'test' ? process.env.TEST_DATABASE_URL : process.env.DATABASE_URL`) },
    [...found, 'TEST_DATABASE_URL new Pool postgres src/db.ts'],
  ],
  [
    'an environment that is handed in',
    {
      'src/db.ts': `import { Pool } from 'pg';\nexport const open = ({ env }: { env: NodeJS.ProcessEnv }) => new Pool({ connectionString: env.DATABASE_URL });`,
    },
    found,
  ],
  [
    'set after it was declared',
    {
      'src/db.ts': `import { Pool } from 'pg';\nconst options: { connectionString?: string } = {};\noptions.connectionString = process.env.DATABASE_URL;\nexport const pool = new Pool(options);`,
    },
    found,
  ],
  [
    'a queue with its connection deeper',
    {
      'src/queue.ts': `import { Queue } from 'bullmq';\nexport const mails = new Queue('mails', { connection: { host: process.env.REDIS_HOST } });`,
    },
    ['REDIS_HOST new Queue redis src/queue.ts'],
  ],
  [
    'libSQL by Drizzle',
    {
      'src/db.ts': `import { drizzle } from 'drizzle-orm/libsql';\nexport const db = drizzle({ connection: { url: process.env.DATABASE_URL! } });`,
    },
    ['DATABASE_URL drizzle libsql src/db.ts'],
  ],
];

describe.each([
  ['variables are read', readings],
  ['variables are read in other ways', further],
  ['variables are checked', checked],
  ['variables are handed', handedOn],
  ['variables are conditions', conditions],
])('%s', (_, cases) => {
  test.each(cases)('%s', async (_title, files, uses) => {
    expect(await usesOf(files)).toEqual(uses.toSorted());
  });
});

test.each([
  'export const url = process.env.DATABASE_URL;',
  'export const\n  url = process.env.DATABASE_URL;',
  'export let one = 1, url = process.env.DATABASE_URL;',
  'export /* its address */ const url = process.env.DATABASE_URL;',
  'export const { DATABASE_URL: url } = process.env;',
  'export const [url] = [process.env.DATABASE_URL];',
  'const url = process.env.DATABASE_URL;\nexport { url };',
  'const address = process.env.DATABASE_URL;\nexport { address as url };',
  'exports.url = process.env.DATABASE_URL;',
  'module.exports = { url: process.env.DATABASE_URL };',
  "export * from './all';",
  "export { url } from './all';",
  "import { url } from './all';\nexport { url };",
])('the text of a module says that it exports a name: %s', async (text) => {
  const all = { 'src/all.ts': 'export const url = process.env.DATABASE_URL;\n' };
  const files = { 'src/env.ts': text, 'src/db.ts': `import { url } from './env';\n${pool('url')}` };
  expect(await usesOf(text.includes('./all') ? { ...all, ...files } : files)).toContain(found[0]);
});
