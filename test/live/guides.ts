import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fetchedPackage } from '../servers/package-managers.mjs';

/** The package of Flue that carries its guides. */
export const runtime = fetchedPackage('@flue/runtime@2.1.0');

const pages = path.join(runtime, '@flue/runtime/docs/ecosystem/databases');

/**
 * The whole modules among the blocks of code of the database guides, as `<page> <number>`: what is cut short is no db
 * entry.
 */
export const guides = readdirSync(pages).flatMap((page) =>
  [...readFileSync(path.join(pages, page), 'utf8').matchAll(/```ts[^\n]*\n([\s\S]*?)```/g)]
    .map((match) => match[1]!)
    .filter((code) => code.includes('export default') && !/\/\/ \.\.\.|\{\/\*/.test(code))
    .map((code, index) => ({ name: `${page.replace('.md', '')} ${index + 1}`, code })),
);

/** The codes that fail where it is looked at, and where it is held to its contract. */
interface Expected {
  look: string[];
  hold: string[];
  /** At Flue 1.0.0-beta, where that differs. */
  beta?: string[];
}

/** The client of the module: it connects at once, nothing listens for its errors, and close() is its end. */
const openAtOnce = ['import-connects-nothing', 'survives-lost-connection'];

/**
 * What `handed-out.ts` says beside, and no check sees: a ROLLBACK that fails hides the error that it was for, and a
 * variable that is not set is only named where nothing answers at the driver's own default.
 */
export const faultsOfGuides: Record<string, Expected> = {
  'libsql 1': { look: ['starts-again'], hold: [] },
  'mysql 1': { look: ['close-waits', 'starts-again'], hold: [] },
  'postgres 1': { look: ['survives-lost-connection', 'close-waits', 'starts-again'], hold: ['honest-commit'] },
  'supabase 1': { look: ['survives-lost-connection', 'close-waits', 'starts-again'], hold: ['honest-commit'] },
  'redis 1': { look: openAtOnce, hold: [], beta: ['bytes'] },
  'redis 2': { look: openAtOnce, hold: [], beta: ['bytes'] },
  'valkey 1': { look: openAtOnce, hold: [], beta: ['bytes'] },
  'valkey 2': { look: openAtOnce, hold: [], beta: ['bytes'] },
  // Over a WebSocket, which it was asked over, that client connects where it is made.
  'turso 1': { look: ['import-connects-nothing', 'close-waits', 'starts-again'], hold: [] },
};
