import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { add } from '../../src/commands/add.ts';
import { Problem } from '../../src/problem.ts';
import { scratch } from '../flue.ts';

/**
 * Which variable Flue will read, in projects as people write them. `asks`: open without `--yes`, which then takes
 * `name`.
 */
interface Case {
  database?: string;
  packages?: string[];
  scripts?: Record<string, string>;
  files: Record<string, string>;
  name: string;
  asks?: RegExp;
}

const pool = (name = 'DATABASE_URL') =>
  `import { Pool } from 'pg';\nexport const pool = new Pool({ connectionString: process.env.${name} });\n`;
const redis = (name = 'REDIS_URL') =>
  `import { Redis } from 'ioredis';\nexport const redis = new Redis(process.env.${name}!);\n`;
const drizzle = (url: string) =>
  `import { defineConfig } from 'drizzle-kit';\nexport default defineConfig({ schema: './src/schema/*.ts', dialect: 'postgresql', dbCredentials: { url: ${url} } });\n`;
const push = { scripts: { 'db:push': 'drizzle-kit push' }, packages: ['pg', 'drizzle-orm', 'drizzle-kit'] };
const owned = { name: 'FLUE_DATABASE_URL', asks: /own the database/ };
const ownedBy = (tool: string) => ({ name: 'FLUE_DATABASE_URL', asks: new RegExp(`lets ${tool} own the database`) });
const mikro = {
  packages: ['@mikro-orm/core', '@mikro-orm/postgresql'],
  files: {
    'src/mikro-orm.config.ts':
      "import { defineConfig } from '@mikro-orm/postgresql';\nexport default defineConfig({ clientUrl: process.env.DATABASE_URL, entities: ['dist'] });\n",
  },
};

const cases: Record<string, Case> = {
  // What the project has proves it.
  'a package that deno.json names': {
    files: {
      'deno.json': '{ "imports": { "pg": "npm:pg@^8.11.0" } }',
      'src/x.ts': pool('STORE_DATABASE_URL'),
    },
    name: 'STORE_DATABASE_URL',
  },
  'a pool': { packages: ['pg'], files: { 'src/db.client.ts': pool('POSTGRES_URL') }, name: 'POSTGRES_URL' },
  'Drizzle over postgres.js': {
    packages: ['drizzle-orm', 'postgres'],
    files: {
      'src/x.ts':
        "import { drizzle } from 'drizzle-orm/postgres-js';\nexport const db = drizzle(process.env.DATABASE_URL!);\n",
    },
    name: 'DATABASE_URL',
  },
  'destructured from a typed module': {
    packages: ['pg'],
    files: {
      'src/x.ts':
        "import { Pool } from 'pg';\nimport { env } from './env';\nconst { DATABASE_URL } = env;\nexport const pool = new Pool({ connectionString: DATABASE_URL });\n",
    },
    name: 'DATABASE_URL',
  },
  BullMQ: {
    database: 'redis',
    packages: ['bullmq', 'ioredis'],
    files: { 'src/q.ts': `import { Queue } from 'bullmq';\n${redis()}` },
    name: 'REDIS_URL',
  },
  'demanded with others': {
    packages: ['pg'],
    files: {
      'src/x.ts': `${pool()}if (!process.env.DATABASE_URL || !process.env.JWT_SECRET) {\n  throw new Error('x');\n}\n`,
    },
    name: 'DATABASE_URL',
  },
  'demanded by a comparison': {
    packages: ['pg'],
    files: {
      'src/x.ts': `${pool()}if (process.env.DATABASE_URL === undefined) { logger.fatal('x'); process.exit(1); }\n`,
    },
    name: 'DATABASE_URL',
  },
  'a replica beside it': {
    packages: ['pg'],
    files: { 'src/x.ts': pool() + pool('DATABASE_READER_URL').replace('pool =', 'replica =') },
    name: 'DATABASE_URL',
  },
  'a SQLite file beside it': {
    packages: ['pg'],
    files: { 'src/x.ts': pool('POSTGRES_URL'), '.env.example': 'DATABASE_URL=file:./dev.db\nPOSTGRES_URL=\n' },
    name: 'POSTGRES_URL',
  },
  'Postgres in a file with a rate limit': {
    packages: ['pg', 'express-rate-limit'],
    files: { 'src/x.ts': `import limit from 'express-rate-limit';\n${pool()}` },
    name: 'DATABASE_URL',
  },
  'Redis where Prisma owns Postgres': {
    database: 'redis',
    packages: ['bullmq', 'ioredis', 'prisma'],
    files: {
      'src/q.ts': `import { Queue } from 'bullmq';\n${redis()}`,
      'prisma.config.ts':
        "import { env } from 'prisma/config';\nexport default { datasource: { url: env('DATABASE_URL') } };\n",
    },
    name: 'REDIS_URL',
  },
  'an engine beside another family': {
    packages: ['pg', 'ioredis'],
    files: {
      'src/server.ts':
        "import { Redis } from 'ioredis';\nif (!process.env.DATABASE_URL) throw new Error('x');\nexport const redis = new Redis(process.env.REDIS_URL!);\n",
      'src/x.ts': pool(),
    },
    name: 'DATABASE_URL',
  },
  'a test with another engine': {
    packages: ['pg', 'better-sqlite3'],
    files: {
      'src/x.ts': pool(),
      'src/x.test.ts':
        "import Database from 'better-sqlite3';\nexport const db = new Database(process.env.DATABASE_URL);\n",
    },
    name: 'DATABASE_URL',
  },
  'dollars in single quotes': {
    packages: ['pg'],
    files: { 'src/x.ts': pool(), '.env.example': "DATABASE_URL='postgres://u:pa$$word@h/d'\n" },
    name: 'DATABASE_URL',
  },

  // A name of no family, where its sample or the code proves what it is.
  'a host whose sample is a URL': {
    database: 'redis',
    files: { '.env.example': 'A=1\nWORKER_HOST=redis://redis:6379/1\n' },
    name: 'WORKER_HOST',
  },
  'a connection by a name of its own, by what it is handed to': {
    packages: ['pg'],
    files: { '.env.example': 'STORE_DSN=\n', 'src/x.ts': pool('STORE_DSN') },
    name: 'STORE_DSN',
  },
  'a connection by a name of its own, beside another engine': {
    packages: ['pg'],
    files: { '.env.example': 'DATABASE_URL=mysql://h/d\n', 'src/x.ts': pool('STORE_DSN') },
    name: 'STORE_DSN',
  },
  'the name of the family, where one of another name is there, too': {
    packages: ['pg'],
    files: { 'src/x.ts': pool() + pool('STORE_DSN').replace('pool =', 'store =') },
    name: 'DATABASE_URL',
  },
  'two of other names': {
    packages: ['pg'],
    files: { 'src/x.ts': pool('BILLING_DSN') + pool('STORE_DSN').replace('pool =', 'store =') },
    name: 'DATABASE_URL',
  },
  'what is handed to a client deeper': {
    database: 'redis',
    packages: ['bullmq'],
    files: {
      'src/x.ts':
        "import { Queue } from 'bullmq';\nexport const q = new Queue('q', { defaultJobOptions: { hook: process.env.HOOK_URL } });\n",
    },
    name: 'REDIS_URL',
  },
  'one of another engine': {
    packages: ['ioredis'],
    files: { 'src/x.ts': redis('QUEUE_URL'), '.env.example': 'QUEUE_URL=redis://localhost\n' },
    name: 'DATABASE_URL',
  },
  'one of a test': {
    packages: ['pg'],
    files: { '.env.example': 'TEST_STORE=postgres://localhost/test\n', 'src/x.ts': pool('TEST_STORE') },
    name: 'DATABASE_URL',
  },
  'switch: by a name of its own': {
    packages: ['pg'],
    files: {
      'src/x.ts': `${pool('STORE_DSN')}export const stores = !!process.env.STORE_DSN;\n`,
    },
    name: 'FLUE_STORE_DSN',
  },

  // Another engine, only parts, or nothing: a name of its own, without a question.
  'MySQL behind the name': {
    packages: ['mysql2'],
    files: {
      'src/x.ts':
        "import mysql from 'mysql2/promise';\nexport const db = mysql.createPool(process.env.DATABASE_URL!);\n",
    },
    name: 'FLUE_DATABASE_URL',
  },
  'MySQL, destructured': {
    packages: ['mysql2'],
    files: {
      'src/x.ts':
        "import mysql from 'mysql2/promise';\nconst { DATABASE_URL } = process.env;\nexport const db = mysql.createPool(DATABASE_URL!);\n",
    },
    name: 'FLUE_DATABASE_URL',
  },
  'MySQL, by a helper': {
    packages: ['mysql2'],
    files: {
      'src/x.ts':
        "import mysql from 'mysql2/promise';\nimport { requireEnv } from './env';\nexport const db = mysql.createPool(requireEnv('DATABASE_URL'));\n",
    },
    name: 'FLUE_DATABASE_URL',
  },
  'MySQL in a deployment template': {
    packages: ['pg'],
    files: { '.env.production.example': 'DATABASE_URL=mysql://h/d\n' },
    name: 'FLUE_DATABASE_URL',
  },
  'TypeORM on MySQL': {
    packages: ['typeorm', 'mysql2'],
    files: {
      'src/x.ts':
        "import { DataSource } from 'typeorm';\nexport default new DataSource({ type: 'mysql', url: process.env.DATABASE_URL });\n",
    },
    name: 'FLUE_DATABASE_URL',
  },
  'an HTTP endpoint': {
    database: 'redis',
    packages: ['@upstash/redis'],
    files: { '.env.example': 'UPSTASH_REDIS_REST_URL=\nUPSTASH_REDIS_REST_TOKEN=\n' },
    name: 'FLUE_REDIS_URL',
  },
  'libSQL with a token': {
    database: 'libsql',
    packages: ['@libsql/client'],
    files: {
      'src/x.ts':
        "import { createClient } from '@libsql/client';\nexport const c = createClient({ url: process.env.TURSO_DATABASE_URL!, authToken: process.env.TURSO_AUTH_TOKEN });\n",
    },
    name: 'FLUE_TURSO_DATABASE_URL',
  },
  'what others call a database': { files: { '.env.example': 'FIREBASE_DATABASE_URL=\n' }, name: 'DATABASE_URL' },
  'the path of a SQLite file': { files: { '.env.example': 'TAG_DB_PATH=./tags.db\n' }, name: 'DATABASE_URL' },
  nothing: { files: {}, name: 'DATABASE_URL' },

  'only a sample, beside one of several engines': {
    packages: ['prisma', 'pg'],
    files: {
      '.env.example': 'DATABASE_URL=postgres://h/d\nIMPORT_DATABASE_URL=postgres://h/other\n',
      'prisma/pg.prisma': 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
      'prisma/mysql.prisma': 'datasource db {\n  provider = "mysql"\n  url = env("DATABASE_URL")\n}\n',
    },
    name: 'FLUE_DATABASE_URL',
  },
  'a name of another engine, unproven': {
    files: { '.env.example': 'EVENTS_DB_TURSO_URL=x\nORDERS_DB_WRITE_HOST=x\n' },
    name: 'FLUE_DATABASE_URL',
  },
  'a name of another engine, for MySQL': {
    database: 'mysql',
    files: { '.env.example': 'POSTGRES_URL=\n' },
    name: 'FLUE_MYSQL_URL',
  },
  'a name of its own engine, unproven': { files: { '.env.example': 'POSTGRES_URL=\n' }, name: 'FLUE_POSTGRES_URL' },

  'a name that only ends in one of a database': { files: { '.env.example': 'MYDB_URL=\n' }, name: 'DATABASE_URL' },
  'TypeORM that does not synchronize': {
    packages: ['pg', 'typeorm'],
    files: {
      'src/data-source.ts':
        "import { DataSource } from 'typeorm';\nexport const source = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, synchronize: false });\n",
    },
    name: 'DATABASE_URL',
  },

  // A switch: setting it would turn something on.
  ...Object.fromEntries(
    Object.entries({
      'a && client': 'export const redis = process.env.REDIS_URL && new Redis(process.env.REDIS_URL);\n',
      'a ternary over a constant':
        'const url = process.env.REDIS_URL;\nexport const redis = url ? new Redis(url) : null;\n',
      'an if over a constant':
        'const url = process.env.REDIS_URL;\nexport let redis;\nif (url) redis = new Redis(url);\n',
      'an if without a space':
        'export let redis;\nif(process.env.REDIS_URL) redis = new Redis(process.env.REDIS_URL);\n',
      'an `in`':
        "export const on = 'REDIS_URL' in process.env;\nexport const redis = () => new Redis(process.env.REDIS_URL!);\n",
      'a config.get': "export const redis = config.get('REDIS_URL') ? new Redis(config.get('REDIS_URL')) : null;\n",
      'two exclamation marks':
        'export const on = !!process.env.REDIS_URL;\nexport const redis = () => new Redis(process.env.REDIS_URL!);\n',
    }).map(([what, text]): [string, Case] => [
      `switch: ${what}`,
      {
        database: 'redis',
        packages: ['ioredis'],
        files: { 'src/x.ts': `import { Redis } from 'ioredis';\n${text}` },
        name: 'FLUE_REDIS_URL',
      },
    ]),
  ),

  // Sharing is dangerous: asked, with a name of its own as the recommended answer.
  'drizzle-kit push': {
    ...push,
    files: { 'drizzle.config.ts': drizzle('process.env.DATABASE_URL!'), 'src/x.ts': pool() },
    ...owned,
  },
  'drizzle-kit push on the unpooled URL': {
    ...push,
    files: { 'drizzle.config.ts': drizzle('process.env.DATABASE_URL_UNPOOLED!'), 'src/x.ts': pool() },
    ...owned,
  },
  'drizzle-kit push on a direct URL': {
    ...push,
    files: { 'drizzle.config.ts': drizzle('process.env.DIRECT_URL!'), 'src/x.ts': pool() },
    ...owned,
  },
  'drizzle-kit push, destructured': {
    ...push,
    files: {
      'drizzle.config.ts': `const { DATABASE_URL } = process.env;\n${drizzle('DATABASE_URL')}`,
      'src/x.ts': pool(),
    },
    ...owned,
  },
  'drizzle-kit push, globs and comments': {
    ...push,
    files: { 'drizzle.config.ts': drizzle('process.env.DATABASE_URL! /* strict: true */'), 'src/x.ts': pool() },
    ...owned,
  },
  'drizzle-kit push, config elsewhere': {
    ...push,
    scripts: { 'db:push': 'drizzle-kit push --config=drizzle.dev.config.ts' },
    files: { 'drizzle.dev.config.ts': drizzle('process.env.DATABASE_URL!'), 'src/x.ts': pool() },
    ...owned,
  },
  'drizzle-kit push, no config': {
    ...push,
    scripts: { 'db:push': 'drizzle-kit push --dialect postgresql --url=$DATABASE_URL' },
    files: { 'src/x.ts': pool() },
    ...owned,
  },
  'drizzle-kit generate, nothing committed': {
    ...push,
    scripts: { 'db:generate': 'drizzle-kit generate' },
    files: { 'drizzle.config.ts': drizzle('process.env.DATABASE_URL!'), 'src/x.ts': pool() },
    ...owned,
  },
  'drizzle-kit migrations committed': {
    ...push,
    scripts: {},
    files: {
      'drizzle.config.ts': drizzle('process.env.DATABASE_URL!'),
      'drizzle/0000_init.sql': 'select 1;',
      'src/x.ts': pool(),
    },
    name: 'DATABASE_URL',
  },
  'Prisma 7': {
    packages: ['prisma', '@prisma/adapter-pg', 'pg'],
    files: {
      'prisma.config.ts':
        "import { env } from 'prisma/config';\nexport default { datasource: { url: env('DIRECT_URL') } };\n",
      'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n',
      'src/x.ts': pool(),
    },
    ...owned,
  },
  'Prisma on MySQL beside it': {
    packages: ['prisma', 'pg'],
    files: {
      'prisma/schema.prisma': 'datasource db {\n  provider = "mysql"\n  url = env("DATABASE_URL")\n}\n',
      'src/x.ts': pool('WAREHOUSE_DATABASE_URL'),
    },
    name: 'WAREHOUSE_DATABASE_URL',
  },
  'TypeORM that may synchronize': {
    packages: ['typeorm', 'pg'],
    files: {
      'src/x.ts':
        "import { DataSource } from 'typeorm';\nexport default new DataSource({ type: 'postgres', entities: ['src/*.ts'], url: process.env.DATABASE_URL, synchronize: process.env.NODE_ENV !== 'production', migrations: ['src/**/m/*.ts'] });\n",
    },
    name: 'FLUE_DATABASE_URL',
    asks: /TypeORM/,
  },
  'TypeORM in Nest, configured by a service': {
    packages: ['@nestjs/typeorm', 'typeorm', 'pg'],
    files: {
      'src/app.module.ts':
        "import { TypeOrmModule } from '@nestjs/typeorm';\nexport default TypeOrmModule.forRootAsync({ useFactory: (c) => ({ type: 'postgres', url: c.get('DATABASE_URL'), synchronize: true }) });\n",
    },
    name: 'FLUE_DATABASE_URL',
    asks: /TypeORM/,
  },
  'TypeORM, its options in a file of their own': {
    packages: ['@nestjs/typeorm', 'typeorm', 'pg'],
    files: {
      'src/database.config.ts':
        "const synchronize = true;\nexport default () => ({ type: 'postgres', url: process.env.DATABASE_URL, synchronize });\n",
      'src/x.ts': pool(),
    },
    name: 'FLUE_DATABASE_URL',
    asks: /TypeORM/,
  },
  'drizzle-kit push, its config as JSON': {
    ...push,
    scripts: {},
    files: {
      'drizzle.config.json': '{ "dialect": "postgresql", "schema": "./src/s.ts", "dbCredentials": { "url": "…" } }',
      'src/x.ts': pool(),
    },
    ...owned,
  },
  'TypeORM that may synchronize, its options as JSON': {
    packages: ['typeorm', 'pg'],
    files: { 'ormconfig.json': '{ "type": "postgres", "synchronize": true }', 'src/x.ts': pool() },
    name: 'FLUE_DATABASE_URL',
    asks: /TypeORM/,
  },
  'MikroORM that updates the schema in code': {
    ...mikro,
    files: {
      ...mikro.files,
      'src/start.ts':
        "import { MikroORM } from '@mikro-orm/postgresql';\nimport config from './mikro-orm.config';\nconst orm = await MikroORM.init(config);\nawait orm.schema.updateSchema();\n",
    },
    ...ownedBy('MikroORM'),
  },
  'MikroORM that updates the schema in a script': {
    ...mikro,
    scripts: { db: 'mikro-orm schema:update --run' },
    ...ownedBy('MikroORM'),
  },
  'MikroORM that makes the schema anew in a script': {
    ...mikro,
    scripts: { db: 'npx mikro-orm-esm schema:fresh --run' },
    ...ownedBy('MikroORM'),
  },
  'MikroORM with migrations': { ...mikro, scripts: { db: 'mikro-orm migration:up' }, name: 'DATABASE_URL' },
  'Sequelize that alters tables': {
    packages: ['sequelize', 'pg'],
    files: {
      'src/x.ts':
        "import { Sequelize } from 'sequelize';\nexport const s = new Sequelize(process.env.DATABASE_URL!, { dialect: 'postgres' });\nawait s.sync({ alter: true });\n",
    },
    name: 'FLUE_DATABASE_URL',
    asks: /Sequelize/,
  },
  ...Object.fromEntries(
    ['atlas schema apply --env local --auto-approve', 'skeema push', 'npx supabase db reset'].map(
      (db): [string, Case] => [
        `a tool that is known by what it does: ${db}`,
        { packages: ['pg'], scripts: { db }, files: { 'src/x.ts': pool() }, ...owned },
      ],
    ),
  ),
  'Sequelize, whose script drops the database': {
    packages: ['sequelize', 'pg'],
    scripts: { 'db:reset': 'sequelize db:drop && sequelize db:create && sequelize db:migrate' },
    files: { 'src/x.ts': pool() },
    name: 'FLUE_DATABASE_URL',
    asks: /a script of `package.json` runs `sequelize db:drop`/,
  },
  'TypeORM, whose script synchronizes': {
    packages: ['typeorm', 'pg'],
    scripts: { 'db:sync': 'typeorm-ts-node-esm schema:sync -d src/data-source.ts' },
    files: { 'src/x.ts': pool() },
    name: 'FLUE_DATABASE_URL',
    asks: /runs `typeorm-ts-node-esm schema:sync`/,
  },
  'Prisma, its schema in a folder': {
    packages: ['prisma', 'pg'],
    files: {
      'prisma/schema/base.prisma': 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
      'src/x.ts': pool(),
    },
    ...owned,
  },
  'a cache service': {
    database: 'redis',
    packages: ['ioredis'],
    files: { 'src/cache/cache.service.ts': redis() },
    name: 'FLUE_REDIS_URL',
    asks: /cache/,
  },
  'a cache': {
    database: 'redis',
    packages: ['ioredis'],
    files: { 'src/lib/cache.ts': redis() },
    name: 'FLUE_REDIS_URL',
    asks: /cache/,
  },
  'a cache store elsewhere': {
    database: 'redis',
    packages: ['ioredis', 'rate-limit-redis'],
    files: { 'src/redis.ts': redis(), 'src/limit.ts': "import { RedisStore } from 'rate-limit-redis';\n" },
    name: 'FLUE_REDIS_URL',
    asks: /cache/,
  },
  'a cache without a driver': {
    database: 'redis',
    packages: ['@keyv/redis'],
    files: {
      'src/x.ts': "import { createKeyv } from '@keyv/redis';\nexport const keyv = createKeyv(process.env.REDIS_URL);\n",
    },
    name: 'FLUE_REDIS_URL',
    asks: /cache/,
  },
  ...Object.fromEntries(
    Object.entries({
      'as options after the URL': [
        'redis',
        "import { Redis } from 'ioredis';\nexport const r = new Redis(process.env.REDIS_URL!, { password: process.env.REDIS_PASSWORD });\n",
      ],
      'in one object': [
        'redis',
        "import { createClient } from 'redis';\nconst { REDIS_URL: url, REDIS_USERNAME: username } = process.env;\nexport const r = createClient({ url, username });\n",
      ],
      'of MongoDB': [
        'mongodb',
        "import mongoose from 'mongoose';\nawait mongoose.connect(process.env.MONGODB_URL!, { pass: process.env.MONGODB_PASS });\n",
      ],
    }).map(([what, [database, text]]): [string, Case] => [
      `credentials beside the URL: ${what}`,
      {
        database: database!,
        packages: ['ioredis', 'redis', 'mongoose'].filter((name) => text!.includes(`'${name}'`)),
        files: { 'src/x.ts': text! },
        name: database === 'redis' ? 'FLUE_REDIS_URL' : 'FLUE_MONGODB_URL',
        asks: /beside/,
      },
    ]),
  ),
  'credentials of another family beside it': {
    database: 'redis',
    packages: ['ioredis'],
    files: { 'src/x.ts': `${redis()}export const mail = new Redis({ password: process.env.SMTP_PASSWORD });\n` },
    name: 'REDIS_URL',
  },
  'a URI by a longer name': {
    packages: ['pg'],
    files: { 'src/x.ts': pool('DATABASE_CONNECTION_URI') },
    name: 'DATABASE_CONNECTION_URI',
  },
  'a connection string, shortened': {
    database: 'mongodb',
    packages: ['mongoose'],
    files: {
      'src/x.ts': "import mongoose from 'mongoose';\nawait mongoose.connect(process.env.MONGO_CONN_STRING!);\n",
    },
    name: 'MONGO_CONN_STRING',
  },
  // The name says nothing of the engine.
  'MongoDB by a name of SQL, by its sample': {
    database: 'mongodb',
    packages: ['@payloadcms/db-mongodb'],
    files: {
      '.env.example': 'DATABASE_URL=mongodb://127.0.0.1/app\n# DATABASE_URL=postgresql://127.0.0.1/app\n',
      'src/payload.config.ts':
        "import { mongooseAdapter } from '@payloadcms/db-mongodb';\nimport { buildConfig } from 'payload';\nexport default buildConfig({ db: mongooseAdapter({ url: process.env.DATABASE_URL }) });\n",
    },
    name: 'DATABASE_URL',
  },
  'MongoDB by a name of SQL, by what it is handed to': {
    database: 'mongodb',
    packages: ['mongoose'],
    files: { 'src/x.ts': "import mongoose from 'mongoose';\nawait mongoose.connect(process.env.DB_URI!);\n" },
    name: 'DB_URI',
  },
  'MongoDB beside Postgres by a name of SQL': {
    database: 'mongodb',
    packages: ['pg'],
    files: { 'src/x.ts': pool() },
    name: 'MONGODB_URL',
  },
  'a schema in a folder, in a package without the tool': {
    packages: ['@redwoodjs/api'],
    files: {
      'db/schema.prisma': 'datasource db {\n  provider = "sqlite"\n  url      = env("DATABASE_URL")\n}\n',
    },
    name: 'FLUE_DATABASE_URL',
  },
  'commented out, and pushed': {
    ...push,
    files: { '.env.example': '# DATABASE_URL=\n', 'drizzle.config.ts': drizzle('connection()') },
    ...owned,
  },
};

function put(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

async function outcome({ database = 'postgres', packages = [], scripts = {}, files }: Case, yes: boolean) {
  const cwd = scratch('names');
  const dependencies = Object.fromEntries(
    ['@flue/runtime', ...packages].map((name) => [name, name === '@flue/runtime' ? '2.0.3' : '*']),
  );
  const all = {
    'package.json': JSON.stringify({ type: 'module', scripts, dependencies }),
    'package-lock.json': '{}',
    'flue.config.ts': "export default { target: 'node' };\n",
    ...files,
  };
  put(cwd, all);
  return add('database', database, { cwd, var: [], install: false, dryRun: true, json: true, yes }).catch((error) => {
    if (error instanceof Problem) return error;
    throw error;
  });
}

const nameIn = (report: Awaited<ReturnType<typeof outcome>>) =>
  report instanceof Problem ? `${report.code}: ${report.message}` : Object.values(report.choice!.names)[0]!.value;

describe('which variable', () => {
  test.each(Object.entries(cases))('%s', async (_what, one) => {
    expect(nameIn(await outcome(one, true))).toBe(one.name);
    const without = await outcome(one, false);
    if (one.asks) expect(nameIn(without)).toMatch(one.asks);
    else expect(nameIn(without)).toBe(one.name);
  });

  test('what is handed to several engines is called so', async () => {
    const files = {
      'src/x.ts': pool(),
      'src/y.ts':
        "import mysql from 'mysql2/promise';\nexport const db = mysql.createPool(process.env.DATABASE_URL!);\n",
    };
    const report = await outcome({ packages: ['pg', 'mysql2'], files, name: '' }, false);
    const because = '`DATABASE_URL` points at several engines';
    expect(report).toMatchObject({ choice: { names: { DATABASE_URL: { value: 'FLUE_DATABASE_URL', because } } } });
  });

  const manifest = { type: 'module', dependencies: { '@flue/runtime': '2.0.3', pg: '^8.0.0', '@acme/db': '*' } };
  const workspace = {
    '../../package.json': '{ "private": true, "workspaces": ["apps/*", "packages/*"] }',
    '../../package-lock.json': '{}',
    'package.json': JSON.stringify(manifest),
    'flue.config.ts': "export default { target: 'node' };\n",
  };
  const prisma = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n';
  test.each<[string, Record<string, string>, string]>([
    [
      'Drizzle in another member',
      {
        '../../packages/db/package.json': '{ "name": "@acme/db", "scripts": { "push": "drizzle-kit push" } }',
        '../../packages/db/drizzle.config.ts': drizzle('process.env.DATABASE_URL!'),
        'src/x.ts': pool(),
      },
      'needs-answer: ../../packages/db/drizzle.config.ts',
    ],
    [
      'Drizzle in another member, pushed by a script of the root',
      {
        '../../package.json': JSON.stringify({
          workspaces: ['apps/*', 'packages/*'],
          scripts: { push: 'cd packages/db && drizzle-kit push' },
        }),
        '../../packages/db/package.json': '{ "name": "@acme/db" }',
        '../../packages/db/drizzle.config.ts': drizzle('process.env.DATABASE_URL!'),
        '../../packages/db/drizzle/0000_init.sql': 'select 1;',
        'src/x.ts': pool(),
      },
      'needs-answer: ../../packages/db/drizzle.config.ts',
    ],
    [
      'Prisma at the root',
      { '../../prisma/schema.prisma': prisma, 'src/x.ts': pool() },
      'needs-answer: ../../prisma/schema.prisma',
    ],
    ["only the root's sample", { '../../.env.example': 'DATABASE_URL=postgresql://a\n' }, 'FLUE_DATABASE_URL'],
    [
      "the root's sample, and code that hands it over",
      { '../../.env.example': 'DATABASE_URL=postgresql://a\n', 'src/x.ts': pool() },
      'DATABASE_URL',
    ],
  ])('in a workspace: %s', async (_what, files, expected) => {
    const cwd = path.join(scratch('names'), 'apps/agent');
    put(cwd, { ...workspace, ...files });
    const flags = { cwd, var: [], install: false, dryRun: true, json: true };
    const found = nameIn(await add('database', 'postgres', flags).catch((error) => error));
    const [code, at] = expected.split(': ');
    if (at) expect([found.startsWith(code!), found.includes(at)]).toEqual([true, true]);
    else expect(found).toBe(expected);
  });

  test.each<[string, Record<string, string>, string]>([
    ['is free', {}, 'VALKEY_URL'],
    ["is the code's, too", { 'src/x.ts': redis() }, 'REDIS_URL'],
  ])('what our entry for another database read %s', async (_what, files, expected) => {
    const cwd = scratch('names');
    const manifest = { type: 'module', dependencies: { '@flue/runtime': '2.0.3', ioredis: '^5.0.0' } };
    put(cwd, { 'package.json': JSON.stringify(manifest), 'flue.config.ts': "export default { target: 'node' };\n" });
    put(cwd, { 'package-lock.json': '{}', '.env.example': 'PORT=\n' });
    const flags = { cwd, var: [], install: false, json: true, yes: true };
    await add('database', 'redis', flags);
    put(cwd, files);
    expect(nameIn(await add('database', 'valkey', { ...flags, dryRun: true }))).toBe(expected);
  });
});
