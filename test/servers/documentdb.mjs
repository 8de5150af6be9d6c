// DocumentDB 1.0 from Debian's unstable suite: an engine that does MongoDB's commands, with its documents, indexes,
// rules and transactions, inside Postgres 18. It is what can be had of MongoDB: no MongoDB server can, from npm or
// Debian.
import path from 'node:path';
import { loadedProgram } from './debian.mjs';
import { startGateway } from './mongodb-gateway.mjs';
import { readable, startPostgres } from './postgres.mjs';

/** Starts an empty one, as a replica set of one member, and gives its URL. */
export async function startDocumentdb() {
  const { command, args, root, env } = loadedProgram('documentdb', 'postgres', 'usr/lib/postgresql/18/lib');
  const moved = readable(root);
  const at = (/** @type {string} */ file) => path.join(moved, path.relative(root, file));
  const program = { command: at(command), args: args.map((one) => one.replaceAll(root, moved)), env };
  const engine = await startPostgres({
    program,
    settings: [
      'shared_preload_libraries=pg_cron,pg_documentdb_core,pg_documentdb',
      'cron.database_name=postgres',
      'documentdb_core.enableCollation=on',
    ],
  });
  await engine.admin('CREATE EXTENSION documentdb CASCADE');
  const gateway = await startGateway(engine.url);
  return {
    url: `mongodb://127.0.0.1:${gateway.port}/?replicaSet=documentdb`,
    /** @param {NodeJS.Signals} [signal] */
    stop: async (signal) => {
      await Promise.all([gateway.stop(), engine.stop(signal)]);
    },
  };
}
