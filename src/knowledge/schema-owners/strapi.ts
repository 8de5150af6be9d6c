import type { Owner } from '../../types/source.ts';
import { configIn, hasPackage } from './config.ts';
import type { SchemaOwner } from './index.ts';

const tool = 'strapi';

/**
 * Strapi compares the whole database with its content types when it starts, and drops tables it does not have
 * (`forceMigration`, on unless set).
 */
export const strapi: SchemaOwner = {
  name: tool,
  title: 'Strapi',
  effect: 'drops',
  packages: ['@strapi/strapi', 'strapi'],
  files: /^database\.[jt]s$/,
  commands: [],
  advice: () => '`settings: { forceMigration: false }`',
  detect: (view) => {
    if (!hasPackage(view.manifest, ['@strapi/strapi', 'strapi'])) return [];
    const file = view.files.find((one) => /(?:^|\/)config\/database\.[jt]s$/.test(one));
    const config = file ? configIn(view, file) : null;
    const client = ['client'].flatMap((key) => config?.held('connection', key).literals ?? [])[0];
    const off = config?.held('settings', 'forceMigration').literals.includes(false) ?? false;
    const engine = typeof client === 'string' ? view.engineOfDialect(client) : null;
    const found: Owner = {
      path: file ?? 'package.json',
      tool,
      engine,
      pushes: !off,
      variables: config?.variables() ?? [],
    };
    return [found];
  },
};
