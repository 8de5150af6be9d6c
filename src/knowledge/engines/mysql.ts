import type { Engine, Risk } from './index.ts';
import { sql } from './sql.ts';

/** MySQL, and MariaDB, whose drivers and dialects are the same. */
export const mysql: Engine = {
  name: 'mysql',
  family: sql,
  packages: {
    driver: ['mysql', 'mysql2', 'mysql2/promise', 'mariadb', '@planetscale/database'],
    builder: [
      'drizzle-orm/mysql2',
      'drizzle-orm/planetscale-serverless',
      '@prisma/adapter-mariadb',
      '@prisma/adapter-planetscale',
      '@mikro-orm/mysql',
      '@mikro-orm/mariadb',
      '@fastify/mysql',
      '@effect/sql-mysql2',
    ],
    client: ['@keyv/mysql', 'express-mysql-session'],
  },
  schemes: ['mysql'],
  dialects: ['mysql', 'mysql2', 'mariadb', 'aurora-mysql'],
  stems: ['MYSQL', 'MARIADB'],
  // mysql2 ignores, with a warning, what it does not know (3.24, `ConnectionConfig`): where that is about TLS, there is
  // none.
  risks: (parameters, driver) =>
    parameters.flatMap((one): Risk[] => {
      const [name = '', value = ''] = one.split('=');
      if (name === 'ssl')
        return /^(?:true|1|0)$/.test(value)
          ? [{ parameter: name, because: `for which \`${driver}\` wants an object or the name of a profile` }]
          : [];
      return /ssl|tls/i.test(name)
        ? [{ parameter: name, because: `which \`${driver}\` ignores, and TLS with it` }]
        : [];
    }),
};
