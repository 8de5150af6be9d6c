import { swap } from '../live/template.ts';
import { also, mutantsOf } from './mutants.ts';

const retried = 'runMongoTransactionWithRetry(openSession, pausing(work), {';

/** Of MongoDB's template. */
export const mongoMutants = mutantsOf('mongodb@1/mongodb.ts', [
  ['works outside of the session', swap('session ? { session } : {}', '{}'), 'rolls-back'],
  [
    'gives what stands round a changed document',
    swap('includeResultMetadata: false', 'includeResultMetadata: true'),
    'updates',
  ],
  ['gives a cursor', swap('...options, ...on }).toArray())', '...options, ...on }))'), 'documents'],
  ['makes no indexes', swap('.createIndexes(indexes)', '.indexes()'), 'inspects-collection'],
  ['makes no rules', swap('createCollection(name, rules)', 'createCollection(name)'), 'inspects-collection'],
  ["gives the server's own index", swap(".filter((index) => index.name !== '_id_')", ''), 'inspects-collection'],
  ['forgets collations', swap('collation = asked?.get(own)', 'collation'), 'index-collation'],
  ['tries once', swap('maxTransactionAttempts: 20', 'maxTransactionAttempts: 1'), 'parallel-transactions'],
  [
    'keeps a transaction that failed',
    swap(retried, retried.replace('pausing(work)', 'async (tx) => pausing(work)(tx).catch(() => {})')),
    'rolls-back',
  ],
  ['swallows errors', swap('c.insertOne(document, on)', 'c.insertOne(document, on).catch(() => ({}))'), 'duplicates'],
  ['makes a client for every call', swap('client ??= new', 'client = new'), 'one-client'],
  ['connects when it is imported', also('await connect().client.connect();'), 'import-connects-nothing'],
  ['closes at once', swap('msLeft = 10_000', 'msLeft = 0'), 'close-waits'],
  ['keeps a closed client', swap('    client = undefined;\n', ''), 'starts-again'],
  ['calls any server a standalone', swap("setName ? 'replica_set' : other", 'other'), 'transactions'],
]);
