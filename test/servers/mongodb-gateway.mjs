// MongoDB's wire protocol in front of DocumentDB, which is an extension of Postgres: each command goes, as it was sent,
// to the function of the engine that does it. Of its own are only handshake, sessions, cursors and the codes of errors.
// A stand-in for the gateways that exist (DocumentDB's own, FerretDB), which cannot be had from npm or Debian.
import { createServer } from 'node:net';
import { BSON } from 'mongodb';
import pg from 'pg';

/**
 * @typedef {Record<string, any>} Document
 * @typedef {{ rest: string, client: pg.PoolClient | null }} Cursor `rest`: what the engine wants to hear to go on
 * @typedef {object} Gateway
 * @property {pg.Pool} pool @property {Document} hello @property {Map<string, Cursor>} cursors
 * @property {Map<string, pg.PoolClient>} transactions @property {Promise<unknown>} making
 */

const bson = '$2::text::documentdb_core.bson';
const page = 'cursorpage::text AS reply, continuation::text AS rest';

/** @param {string} name */
const cursorOf = (name) =>
  `SELECT ${page}, cursorid AS id, persistconnection AS pinned FROM documentdb_api.${name}_cursor_first_page($1, ${bson})`;
/** @param {string} name */
const replyOf = (name) => `SELECT documentdb_api.${name}($1, ${bson})::text AS reply`;
/** @param {string} name */
const resultOf = (name) => `SELECT p_result::text AS reply FROM documentdb_api.${name}($1, ${bson})`;

/** @type {Record<string, string>} */
const statements = {
  find: cursorOf('find'),
  aggregate: cursorOf('aggregate'),
  listCollections: cursorOf('list_collections'),
  listIndexes: cursorOf('list_indexes'),
  count: replyOf('count_query'),
  distinct: replyOf('distinct_query'),
  create: replyOf('create_collection_view'),
  // At once: in the background pg_cron would do it, a moment later.
  createIndexes: `SELECT documentdb_api_internal.create_indexes_non_concurrently($1, ${bson}, true)::text AS reply`,
  insert: resultOf('insert'),
  update: resultOf('update'),
  delete: resultOf('delete'),
  findAndModify: resultOf('find_and_modify'),
};

/** @typedef {[code: number, codeName: string]} Code */

/** Another transaction has changed the document, or is about to. @type {Code} */
const writeConflict = [112, 'WriteConflict'];

/** What MongoDB calls an error of the engine, by the SQLSTATE of that. @type {Record<string, Code>} */
const codes = {
  M0001: [2, 'BadValue'],
  M0008: [26, 'NamespaceNotFound'],
  M000F: [48, 'NamespaceExists'],
  M00CO: [121, 'DocumentValidationFailure'],
  M001C: [11000, 'DuplicateKey'],
  40001: writeConflict,
  '40P01': writeConflict,
  '55P03': writeConflict,
};

const transient = { errorLabels: ['TransientTransactionError'] };

/**
 * Starts it, in this process, on a free port. `url`: of the Postgres that has the extension.
 * @param {string} url
 */
export async function startGateway(url) {
  const pool = new pg.Pool({ connectionString: url, max: 100 });
  pool.on('error', () => {});
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    serve(socket, gateway);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  /** @type {Gateway} */
  const gateway = {
    pool,
    hello: primary(port),
    cursors: new Map(),
    transactions: new Map(),
    making: Promise.resolve(),
  };
  const stop = async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await pool.end();
  };
  return { port, stop };
}

/** What the only member of a replica set says of itself. @param {number} port */
function primary(port) {
  const me = `127.0.0.1:${port}`;
  return {
    ...{ ismaster: true, isWritablePrimary: true, helloOk: true, secondary: false, readOnly: false },
    ...{ setName: 'documentdb', setVersion: 1, hosts: [me], me, primary: me },
    ...{ maxBsonObjectSize: 16 * 2 ** 20, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 },
    ...{ logicalSessionTimeoutMinutes: 30, minWireVersion: 0, maxWireVersion: 21, ok: 1 },
  };
}

/**
 * Answers the commands of a connection, one after the other.
 * @param {import('node:net').Socket} socket @param {Gateway} gateway
 */
function serve(socket, gateway) {
  let received = Buffer.alloc(0);
  /** @type {Promise<unknown>} */
  let turn = Promise.resolve();
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 4 && received.length >= received.readInt32LE(0)) {
      const message = received.subarray(0, received.readInt32LE(0));
      received = received.subarray(message.length);
      turn = turn.then(async () => {
        const { command, silent } = commandIn(message);
        const reply = await answer(gateway, command).catch((error) => failed(error));
        if (!silent && socket.writable) socket.write(replyTo(message, reply));
      });
    }
  });
}

/** Numbers and bytes keep the type in which they were sent. */
const exact = { promoteLongs: false, promoteValues: false, bsonRegExp: true };

/** @param {Document} document */
const textOf = (document) => `BSONHEX${Buffer.from(BSON.serialize(document)).toString('hex')}`;
/** @param {string} text */
const documentOf = (text) => BSON.deserialize(Buffer.from(text.slice('BSONHEX'.length), 'hex'), exact);

/**
 * Does a command, in its transaction if it has one.
 * @param {Gateway} gateway @param {Document} command @returns {Promise<Document>}
 */
async function answer(gateway, command) {
  const [name = ''] = Object.keys(command);
  if (/^(?:hello|ismaster)$/i.test(name)) return { ...gateway.hello, localTime: new Date() };
  if (name === 'ping' || name === 'endSessions') return { ok: 1 };
  if (/^(?:create|drop)/.test(name)) return inTurn(gateway, () => run(gateway, gateway.pool, name, command));
  if (command.autocommit !== false) return run(gateway, gateway.pool, name, command);
  const key = `${command.lsid.id.toString('hex')} ${command.txnNumber}`;
  const end = async (/** @type {'COMMIT' | 'ROLLBACK'} */ how) => {
    const client = gateway.transactions.get(key);
    gateway.transactions.delete(key);
    await client?.query(how).finally(() => client.release());
    return client ? { ok: 1 } : refusal([251, 'NoSuchTransaction'], 'it is over', transient);
  };
  if (name === 'commitTransaction') return end('COMMIT');
  if (name === 'abortTransaction') return end('ROLLBACK');
  if (command.startTransaction) gateway.transactions.set(key, await begin(gateway.pool));
  const client = gateway.transactions.get(key);
  if (!client) return end('ROLLBACK');
  try {
    const reply = await run(gateway, client, name, command);
    const [error] = reply.writeErrors ?? [];
    if (error) await end('ROLLBACK');
    return error?.code === writeConflict[0] ? refusal(writeConflict, error.errmsg, transient) : reply;
  } catch (error) {
    await end('ROLLBACK');
    return failed(error, transient);
  }
}

/**
 * Collections and indexes are made one after the other, as MongoDB does: in the engine they would lock each other out.
 * @param {Gateway} gateway @param {() => Promise<Document>} make
 */
function inTurn(gateway, make) {
  const turn = gateway.making.then(make, make);
  gateway.making = turn;
  return turn;
}

/** A transaction that sees one state, and does not wait for what another is changing. @param {pg.Pool} pool */
async function begin(pool) {
  const client = await pool.connect();
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL lock_timeout = '10ms'");
  return client;
}

/**
 * Has the engine do a command. Raises what the engine does.
 * @param {Gateway} gateway @param {pg.Pool | pg.PoolClient} on @param {string} name @param {Document} command
 * @returns {Promise<Document>}
 */
async function run(gateway, on, name, command) {
  const { $db: database, ...spec } = command;
  // They are the gateway's, not the engine's.
  for (const field of ['lsid', 'txnNumber', 'autocommit', 'startTransaction', '$clusterTime', '$readPreference'])
    delete spec[field];
  if (name === 'getMore') return next(gateway, database, spec);
  if (name === 'drop' || name === 'dropDatabase') return dropped(on, database, spec);
  const statement = statements[name];
  if (!statement) return refusal([59, 'CommandNotFound'], `no such command: '${name}'`);
  const values = [database, textOf(asStored(spec))];
  if (statement.includes('pinned')) return first(gateway, on, statement, values);
  const [row] = (await on.query(statement, values)).rows;
  const reply = documentOf(row.reply);
  for (const one of reply.writeErrors ?? []) one.code = codes[sqlStateOf(Number(one.code))]?.[0] ?? one.code;
  return reply;
}

/** @param {pg.Pool | pg.PoolClient} on @param {string} database @param {Document} spec */
async function dropped(on, database, { drop }) {
  const call = drop === undefined ? 'drop_database($1)' : 'drop_collection($1, $2)';
  const values = drop === undefined ? [database] : [database, drop];
  const [row] = (await on.query(`SELECT documentdb_api.${call} AS done`, values)).rows;
  return row.done === false ? refusal([26, 'NamespaceNotFound'], 'ns not found') : { ok: 1 };
}

/**
 * The first page of a cursor, which keeps its connection where it must.
 * @param {Gateway} gateway @param {pg.Pool | pg.PoolClient} on @param {string} statement @param {unknown[]} values
 */
async function first({ pool, cursors }, on, statement, values) {
  const client = on === pool ? await pool.connect() : null;
  let isKept = false;
  try {
    const [row] = (await (client ?? on).query(statement, values)).rows;
    isKept = row.pinned && row.rest !== null;
    if (row.rest !== null) cursors.set(String(row.id), { rest: row.rest, client: isKept ? client : null });
    return documentOf(row.reply);
  } finally {
    if (!isKept) client?.release();
  }
}

/** As MongoDB keeps indexes: the collation `simple` is none. @param {Document} spec */
function asStored(spec) {
  const plain = (/** @type {Document} */ { collation, ...index }) =>
    collation && collation.locale !== 'simple' ? { collation, ...index } : index;
  return spec.createIndexes ? { ...spec, indexes: spec.indexes.map(plain) } : spec;
}

/** The next page of a cursor. @param {Gateway} gateway @param {string} database @param {Document} spec */
async function next({ pool, cursors }, database, spec) {
  const id = String(spec.getMore);
  const cursor = cursors.get(id);
  if (!cursor) return refusal([43, 'CursorNotFound'], `cursor id ${id} not found`);
  const statement = `SELECT ${page} FROM documentdb_api.cursor_get_more($1, ${bson}, $3::text::documentdb_core.bson)`;
  const values = [database, textOf(spec), cursor.rest];
  const [row] = (await (cursor.client ?? pool).query(statement, values)).rows;
  if (row.rest) cursors.set(id, { ...cursor, rest: row.rest });
  else {
    cursors.delete(id);
    cursor.client?.release();
  }
  return documentOf(row.reply);
}

/** @param {Code} code @param {string} errmsg @param {Document} [labels] @returns {Document} */
function refusal([code, codeName], errmsg, labels = {}) {
  return { ok: 0, code, codeName, errmsg, ...labels };
}

/** @param {unknown} error @param {Document} [labels] of a conflict */
function failed(error, labels) {
  const { code: state = '', message } = /** @type {Error & { code?: string }} */ (error);
  const code = codes[state] ?? [1, 'InternalError'];
  return refusal(code, `${state} ${message}`, code === writeConflict ? labels : {});
}

/** Postgres keeps the five signs of a SQLSTATE in a number, six bits each. @param {number} packed */
function sqlStateOf(packed) {
  return Array.from({ length: 5 }, (_, i) => String.fromCharCode(((packed >> (6 * i)) & 0x3f) + 48)).join('');
}

/** The bytes of a header: length, id, id of the request, kind. */
const header = 16;
/** The kinds of messages: drivers say hello in the older one. */
const older = { query: 2004, reply: 1 };
const kind = 2013;

/**
 * The command of a message; `silent`: nobody waits for an answer.
 * @param {Buffer} message @returns {{ command: Document, silent: boolean }}
 */
function commandIn(message) {
  if (message.readInt32LE(12) === older.query) {
    // Behind flags, the name of a collection, and two numbers.
    const at = message.indexOf(0, header + 4) + 1 + 8;
    return { command: BSON.deserialize(message.subarray(at), exact), silent: false };
  }
  const flags = message.readInt32LE(header);
  const end = message.length - (flags & 1 ? 4 : 0);
  /** @type {Document} */
  const command = {};
  for (let at = header + 4; at < end; ) {
    const size = message.readInt32LE(at + 1);
    const section = message.subarray(at + 1, at + 1 + size);
    if (message[at] === 0) Object.assign(command, BSON.deserialize(section, exact));
    else Object.assign(command, sequenceIn(section));
    at += 1 + size;
  }
  return { command, silent: (flags & 2) !== 0 };
}

/** Documents that are sent beside a command, under its field's name. @param {Buffer} section @returns {Document} */
function sequenceIn(section) {
  const name = section.toString('utf8', 4, section.indexOf(0, 4));
  const documents = [];
  for (let at = 4 + name.length + 1; at < section.length; at += section.readInt32LE(at))
    documents.push(BSON.deserialize(section.subarray(at, at + section.readInt32LE(at)), exact));
  return { [name]: documents };
}

/** The reply as a message of the request's kind. @param {Buffer} request @param {Document} reply */
function replyTo(request, reply) {
  const body = BSON.serialize(reply);
  const isOlder = request.readInt32LE(12) === older.query;
  // Flags, a cursor and two numbers, the last of which counts documents; or flags and the kind of a section.
  const head = Buffer.alloc(header + (isOlder ? 20 : 5));
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(request.readInt32LE(4), 8);
  head.writeInt32LE(isOlder ? older.reply : kind, 12);
  if (isOlder) head.writeInt32LE(1, header + 16);
  return Buffer.concat([head, body]);
}
