import { must } from './engine.ts';
import { type Dialect, mustEqual, one, type SqlProbe, statements, typeName } from './sql.ts';

/** Makes the table of a run. Catches a runner that gives the driver's result object instead of its rows. */
export function makesTable(dialect: Dialect): SqlProbe {
  return {
    code: 'makes-table',
    title: 'makes a table, and a statement without rows gives none',
    blocks: true,
    run: async (context) => {
      const { create, insert } = statements(context, dialect);
      await context.runner.query(create);
      mustEqual(
        await insert(context.runner, 1),
        [],
        'the rows of an INSERT',
        'give `[]` where a statement has no rows',
      );
      return context.scratch.table;
    },
  };
}

/** Values of every kind come out of the database as they went in. */
export function valueProbes(dialect: Dialect): SqlProbe[] {
  return [
    {
      // Rows as arrays, columns renamed, a result class of the driver's own.
      code: 'plain-rows',
      title: 'rows are plain objects by column name',
      run: async ({ runner, scratch }) => {
        const rows = await runner.query(
          `SELECT id, big AS other_name FROM ${scratch.table} WHERE id = ${dialect.at(1)}`,
          [1],
        );
        must(
          Array.isArray(rows) && Object.getPrototypeOf(rows) === Array.prototype,
          `query() gives ${typeName(rows)}, not a plain array`,
          'copy it: `[...rows]`',
        );
        mustEqual(rows.length, 1, 'the number of rows');
        mustEqual(
          Object.keys(rows[0]!),
          ['id', 'other_name'],
          'the names of the columns',
          'leave the names as they are',
        );
        mustEqual(Number(rows[0]!.id), 1, 'the value of `id`');
        return undefined;
      },
    },
    {
      // Parameters turned into text, or their order lost.
      code: 'parameters',
      title: 'parameters arrive in order and as they are',
      run: async ({ runner }) => {
        const types = ['text', 'integer', 'boolean', 'text', 'text'] as const;
        const names = ['a', 'b', 'c', 'd', 'e'];
        const columns = types.map((type, i) => `${dialect.typed(i + 1, type)} AS ${names[i]}`);
        const row = await one(runner, `SELECT ${columns.join(', ')}`, ['first', 7, true, null, '']);
        const { a, b, c, d, e } = row;
        mustEqual([a, Number(b), Number(c), d, e], ['first', 7, 1, null, ''], 'the parameters');
        return undefined;
      },
    },
    {
      // `params.map(String)`, a parser or type cast for binary columns.
      code: 'bytes',
      title: 'bytes stay bytes',
      run: async (context) => {
        const { read, set } = statements(context, dialect);
        const all = [...Array(256).keys()];
        await set(context.runner, 'content', dialect.sent(all));
        const { content } = await read(context.runner, 'content');
        const isBytes = content instanceof ArrayBuffer || ArrayBuffer.isView(content);
        must(isBytes, `bytes come back as ${typeName(content)}`, 'no parser or type cast for binary columns');
        const view =
          content instanceof ArrayBuffer
            ? new Uint8Array(content)
            : new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
        mustEqual([...view], all, 'the 256 bytes');
        return undefined;
      },
    },
    {
      code: 'null',
      title: 'NULL is null',
      run: async (context) => {
        const { read, set } = statements(context, dialect);
        mustEqual((await read(context.runner, 'big')).big, null, 'NULL');
        await set(context.runner, 'content', null);
        mustEqual((await read(context.runner, 'content')).content, null, 'a parameter that is null');
        return undefined;
      },
    },
    {
      // A parser that rounds.
      code: 'large-integers',
      title: 'large integers are exact',
      run: async (context) => {
        const { read, set } = statements(context, dialect);
        await set(context.runner, 'big', Number.MAX_SAFE_INTEGER);
        const { big } = await read(context.runner, 'big');
        mustEqual(
          Number(big),
          Number.MAX_SAFE_INTEGER,
          '2^53 - 1',
          'leave BIGINT to the driver, or parse it with BigInt',
        );
        mustEqual(String(big), String(Number.MAX_SAFE_INTEGER), '2^53 - 1 as text');
        return undefined;
      },
    },
    {
      // JSON parsed, a character set without emoji, a limit on the size of a packet.
      code: 'text',
      title: 'text stays text: JSON, emoji, a megabyte',
      run: async (context) => {
        const { read, set } = statements(context, dialect);
        const text = JSON.stringify({ a: '😀'.repeat(1000), b: 'x'.repeat(1_000_000), z: '\\ \' " ? $1 :a' });
        await set(context.runner, 'body', text);
        const { body } = await read(context.runner, 'body');
        must(typeof body === 'string', `a text column comes back as ${typeName(body)}`, 'no parser for text columns');
        must(
          body === text,
          `the text came back changed (${body.length} of ${text.length} characters)`,
          'a database in UTF-8 (MySQL: utf8mb4)',
        );
        return undefined;
      },
    },
  ];
}
