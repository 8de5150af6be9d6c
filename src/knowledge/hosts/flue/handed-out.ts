import { takeScaffold } from '../../../blueprints/shelf.ts';
import { withoutComments } from '../../../code/comments.ts';
import type { HandedOut } from '../../../types/facts.ts';

/** What goes wrong with the code of Flue's guides, each measured on the drivers of that time. */
const faults = {
  idle: 'a connection that dies while nobody uses it ends the process, as nothing listens for its errors',
  commit: 'a transaction that Postgres has rolled back counts as done, as the answer to COMMIT is not looked at',
  rollback: 'a ROLLBACK that fails hides the error that it was for',
  text: 'at 1.0.0-beta attachments lose bytes, as every argument is turned into text',
  unset:
    'a variable that is not set is not named: the driver goes to a default of its own, or fails with another reason',
  import: 'it connects when it is imported, and cannot be opened again after Flue has closed it',
  retry: 'transactions that meet are tried again without a pause, and fail when many do',
};

type Fault = keyof typeof faults;

/**
 * The code of the `db.ts` that Flue's own guides tell to write (`flue add database <name>` of `@flue/cli`, and the
 * database pages; 1.0.0-beta.1 to 2.1.0, where it is the same), by the SHA-256 of its bare form. Its first line may be
 * our marker's form.
 */
const guides: Record<string, { of: string; faults: Fault[] }> = {
  a780c671387dbf7ffc0e0fddefb1b21efec9b49a7f6e977b95415c8deae67d23: { of: 'libSQL', faults: ['unset'] },
  a758c137d0a69df962e133c1c86439f3c8c0491c512e2d9f3e5e53eadb06e790: {
    of: 'MongoDB',
    faults: ['import', 'unset', 'retry'],
  },
  c50cae80aa2b966fb99f5bf73c95cac5f5f28c3ec2be93fec7409528e114c8b3: { of: 'MySQL', faults: ['unset', 'rollback'] },
  '9b54b40073d704c761a74e28166d108d7d3c3e5ee7ffbed9d279f85381ce20de': {
    of: 'Postgres',
    faults: ['idle', 'commit', 'rollback', 'unset'],
  },
  de694f41ecdce93e38974c0174158c6f1c2110267aa4e0fae218b6624ac64447: {
    of: 'Redis and Valkey',
    faults: ['idle', 'text', 'import', 'unset'],
  },
  '4473ce77501ca76e22a74bc6c101cc07c1b76ca2a0d98ed0330563a946d277c0': {
    of: 'Postgres',
    faults: ['idle', 'commit', 'rollback', 'unset'],
  },
  f9c53b80e6c4ad3f9fd585d8fd5ae0ee6ef8665b4fbf8b2b4f9e3e12113fa9d4: { of: 'Turso', faults: ['unset'] },
  '980b908ac02cde4db57a0103d0396c3bb7cda733018cc437a6bf7e4629c6b4ae': { of: 'Postgres', faults: ['unset'] },
  '06e8e7c5404fc2ad2b7be683812133c73f340155af63e61b22ee56112ffc57f7': {
    of: 'Redis and Valkey',
    faults: ['idle', 'text', 'import', 'unset'],
  },
  '939d496c3e79e9750aa599374d8544d5f6031d7cfd1fc70ee1ec8acb2a4565dd': {
    of: 'Redis and Valkey',
    faults: ['idle', 'text', 'import', 'unset'],
  },
};

/**
 * Whether an entry is a text that Flue hands out: what `flue init` writes, in the place that it writes to, or what a
 * guide tells to write.
 */
export function handedOut(text: string, startersPlace: boolean): HandedOut | null {
  if (startersPlace && isStarter(text)) return starter(text);
  const bare = bareForm(text);
  // None of the guides is longer, and hashing is loaded only for what may be one.
  if (bare.length > 5000 || !bare.includes("from'@flue/")) return null;
  const { createHash } = process.getBuiltinModule('node:crypto');
  const guide = guides[createHash('sha256').update(bare).digest('hex')];
  if (!guide) return null;
  const because = `it is the code of Flue's own guide to ${guide.of}`;
  return { kind: 'guide', because, faults: guide.faults.map((fault) => faults[fault]), verbatim: false };
}

/** What `flue init` 2.x writes, comments and layout aside: the embedded default, put there by no one's decision. */
function isStarter(text: string): boolean {
  return /^import\{sqlite\}from'@flue\/runtime\/node'exportdefaultsqlite'\.\/data\/flue\.db'$/.test(bareForm(text));
}

function starter(text: string): HandedOut {
  const comments = (one: string) => (one.match(/\/\/.*|\/\*[\s\S]*?\*\//g) ?? []).map((comment) => comment.trim());
  const own = comments(takeScaffold());
  const because = 'it is the embedded default, as `flue init` writes it';
  return { kind: 'starter', because, faults: [], verbatim: comments(text).every((one) => own.includes(one)) };
}

/**
 * Code without what a formatter or a project's own names change: comments, white space, quotes, semicolons,
 * parentheses, trailing commas, and how variables are called.
 */
function bareForm(text: string): string {
  const names: string[] = [];
  const numbered = (name: string) => {
    if (!names.includes(name)) names.push(name);
    return `ENV${names.indexOf(name) + 1}`;
  };
  return withoutComments(text.replace(/^\uFEFF/, ''))
    .replace(/process\.env(?:\.(\w+)|\[(['"])(\w+)\2\])/g, (_, member, _quote, element) => numbered(member ?? element))
    .replace(/["`]/g, "'")
    .replace(/\s/g, '')
    .replace(/,(?=[)\]}>])/g, '')
    .replace(/[;()]/g, '');
}
