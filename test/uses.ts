import { inspectSource } from '../src/inspect/source.ts';
import { codeOf } from './source.ts';

const manifest = { dependencies: { pg: '^8.0.0', redis: '^5.0.0', 'drizzle-orm': '^1.0.0' } };

/** What the variables of a project of these files are handed to: `NAME consumer engine file`, sorted. */
export async function usesOf(files: Record<string, string>): Promise<string[]> {
  const folders = ['packages/db'].filter((folder) => `${folder}/package.json` in files);
  const packages = folders.map((folder) => {
    const own = JSON.parse(files[`${folder}/package.json`]!) as { name: string };
    return { name: own.name, folder, manifest: own };
  });
  const code = await codeOf(files, packages);
  const own = code.files.filter((file) => !folders.some((folder) => file.startsWith(`${folder}/`)));
  const sources = { files: own, complete: true, code: async () => ({ ...code, files: own }) };
  const { uses } = await inspectSource(code.project, manifest, sources, { entry: undefined, members: [] });
  return uses
    .map(({ name, path, consumer, engine }) => {
      const what = consumer.kind === 'call' ? consumer.callee : consumer.kind;
      return [name, what, engine, path].filter((one) => one !== null).join(' ');
    })
    .toSorted();
}

/** A module that makes a pool, and what is said of it in `src/db.ts`. */
export const pool = (url: string) =>
  `import { Pool } from 'pg';\nexport const pool = new Pool({ connectionString: ${url} });\n`;
export const found = ['DATABASE_URL new Pool postgres src/db.ts'];
