import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fetchedPackage } from '../servers/package-managers.mjs';

/** The package of Flue that carries its guides. */
export const runtime = fetchedPackage('@flue/runtime@2.1.0');

const pages = path.join(runtime, '@flue/runtime/docs/ecosystem/databases');

/** The whole modules among the blocks of code of the database guides, as `<page> <number>`: what is cut short is no db entry. */
export const guides = readdirSync(pages).flatMap((page) =>
  [...readFileSync(path.join(pages, page), 'utf8').matchAll(/```ts[^\n]*\n([\s\S]*?)```/g)]
    .map((match) => match[1]!)
    .filter((code) => code.includes('export default') && !/\/\/ \.\.\.|\{\/\*/.test(code))
    .map((code, index) => ({ name: `${page.replace('.md', '')} ${index + 1}`, code })),
);
