// An application of any size, as text: what inspect has to look through in a project that has grown. Its parts are
// those of applications in the wild: screens that take types of the ORM, services behind lists of `export *`, routes
// that ask the environment for what has nothing to do with a database, and a few files at its heart that make the
// clients.

/**
 * The files that settle which variables are whose: all that has to be parsed, however many files there are round them.
 */
const heart = {
  'src/env.ts': `import { z } from 'zod';

export const env = z.object({ DATABASE_URL: z.string(), REDIS_URL: z.string().optional() }).parse(process.env);
`,
  'src/server/pool.ts': `import { Pool } from 'pg';

export function createPool(connectionString: string) {
  return new Pool({ connectionString, max: 10 });
}
`,
  'src/server/db.ts': `import { env } from '../env';
import { createPool } from './index';

export const pool = createPool(env.DATABASE_URL);
`,
};

const sentences = Array.from(
  { length: 40 },
  (_, at) => `  // Step ${at}: what it is given is checked, and what it gives.`,
);

function service(at) {
  return `import type { Order } from '@prisma/client';
import { pool } from '../server/db';

export interface Options${at} {
  limit?: number;
  connect?: boolean;
}

export async function list${at}(owner: string, { limit = 20, connect = false }: Options${at} = {}) {
${sentences.join('\n')}
  if (!owner && !connect) throw new Error('whose?');
  const { rows } = await pool.query<Order>('select * from orders where owner = $1 limit $2', [owner, limit]);
  return rows.filter((row) => row.id !== owner && (limit > 10 || row.total > 0)).map((row) => ({ ...row, at: ${at} }));
}

export class Service${at} {
  constructor(private readonly owner: string) {}
  async all() {
    return this.owner && (await list${at}(this.owner));
  }
}
`;
}

function screen(at) {
  return `import { useState } from 'react';
import { Order, Prisma } from '@prisma/client';
import { Service${at - 1} } from '@/services';

type Full = Prisma.OrderGetPayload<{ include: { lines: true } }>;

export function Screen${at}({ order, lines }: { order: Order, lines: Full[] }) {
  const [open, setOpen] = useState<Order | null>(null);
${sentences.join('\n')}
  const service = new Service${at - 1}(order.id);
  return (
    <section onClick={() => setOpen(order)}>
      {open && <p>{open.id}</p>}
      {lines.length > 0 && lines.map((line) => <span key={line.id}>{line.id === order.id ? 'this' : String(service)}</span>)}
    </section>
  );
}
`;
}

function route(at) {
  return `import { list${at - 2} } from '@/services';
import { createPool } from '../other/pool';

const base = process.env.APP_BASE_${at} ?? 'http://localhost';

export async function handler${at}(request: Request) {
${sentences.join('\n')}
  const url = new URL(request.url, base);
  const room = createPool(url.searchParams.get('room') ?? 'lobby');
  return room && (await list${at - 2}(url.searchParams.get('owner') ?? ''));
}
`;
}

const kinds = [
  { folder: 'services', extension: 'ts', text: service },
  { folder: 'screens', extension: 'tsx', text: screen },
  { folder: 'routes', extension: 'ts', text: route },
];

/** The files of an application of so many, by their paths. */
export function applicationOf(count) {
  const files = { ...heart };
  const lists = { services: [], server: ['pool', 'db'] };
  files['src/other/pool.ts'] = 'export const createPool = (room: string) => ({ room });\n';
  for (let at = 0; at < count - 7; at += 1) {
    const { folder, extension, text } = kinds[at % kinds.length];
    files[`src/${folder}/part-${at}.${extension}`] = text(at);
    if (folder === 'services') lists.services.push(`part-${at}`);
  }
  for (const [folder, names] of Object.entries(lists))
    files[`src/${folder}/index.ts`] = names.map((name) => `export * from './${name}';\n`).join('');
  files['tsconfig.json'] = '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }\n';
  return files;
}

/** Its package.json. */
export const manifest = {
  name: 'application',
  private: true,
  dependencies: {
    '@flue/runtime': '2.0.3',
    '@prisma/client': '^6.0.0',
    pg: '^8.16.0',
    react: '^19.0.0',
    zod: '^4.0.0',
  },
};
