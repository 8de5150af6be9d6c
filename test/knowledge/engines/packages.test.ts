import { expect, test } from 'vitest';
import { takesConnection } from '../../../src/knowledge/engines/packages.ts';

test.each([
  ['sequelize', 'default', true],
  ['sequelize', 'Sequelize', true],
  ['sequelize', 'default.where', false],
  ['sequelize', 'Sequelize.literal', false],
  ['sequelize', 'DataTypes.ENUM', false],
  ['pg-promise', 'default', true],
  ['pg-promise', 'default.as.format', false],
  ['mongoose', 'default.connect', true],
  ['mongoose', 'createConnection', true],
  ['mongoose', 'default.Schema', false],
  ['mongoose', 'default.Schema.Types.ObjectId', false],
  ['mongodb', 'MongoClient', true],
  ['mongodb', 'ObjectId', false],
  ['typeorm', 'DataSource', true],
  ['typeorm', 'createConnection', true],
  ['typeorm', 'MoreThanOrEqual', false],
  ['typeorm', 'TableColumn', false],
  ['@prisma/client', 'PrismaClient', true],
  ['@prisma/client', 'Prisma.sql', false],
  ['pg', 'DatabaseError', false],
])('of `%s`, `%s` can be handed a connection: %s', (specifier, name, takes) => {
  expect(takesConnection(specifier, name)).toBe(takes);
});
