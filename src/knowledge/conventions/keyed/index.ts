import type { Libraries } from '../../../code/libraries.ts';
import { nestConfig } from './nest-config.ts';
import { nodeConfig } from './node-config.ts';
import { nuxtConfig } from './nuxt-config.ts';

/** What the reader of code is told of libraries that keep variables under keys of their own. */
export const libraries: Libraries = {
  keyed: [nodeConfig, nestConfig, nuxtConfig],
  // `env` of convict, `use_env_variable` of Sequelize's configuration.
  namingOptions: ['use_env_variable', 'env'],
  // A provider of Nest: `TypeOrmModule.forRootAsync({ useClass: DbConfig })` calls `createTypeOrmOptions()`.
  classOptions: { names: ['useClass', 'useExisting'], methods: /^create/ },
};
