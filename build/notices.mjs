// THIRD-PARTY-NOTICES: the licence of every package of which something is in the bundle, as its authors wrote it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Packages that carry another one's code inside a file of their own. */
const carried = { '@ts-morph/common': ['typescript'] };

/** Files in which a package says under which terms it may be passed on. */
const terms = /^(?:licen[cs]e|copying|notice|third-?party-?notice)s?(?:text)?(?:[.-].*)?$/i;

/**
 * The packages that modules belong to, each once and sorted, with what is carried inside them.
 * @param {readonly string[]} modules absolute paths, as the bundler names them
 */
export function packagesOf(modules) {
  const folders = new Set();
  for (const id of modules) {
    const match = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id);
    if (match) folders.add(match[1]);
  }
  for (const folder of [...folders])
    for (const name of carried[readManifest(folder).name] ?? []) folders.add(path.resolve('node_modules', name));
  return [...folders].map((folder) => ({ folder, ...readManifest(folder) })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The whole text. Throws where a package says nothing of its licence. @param {readonly string[]} modules */
export function noticesFor(modules) {
  const head = `This package has code of others in it, each under its own licence.\n`;
  const parts = packagesOf(modules).map(({ folder, name, version, license }) => {
    const texts = readdirSync(folder)
      .filter((file) => terms.test(file))
      .sort()
      .map((file) => readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
    if (texts.length === 0 && typeof license === 'string') texts.push(standardText(license, folder));
    if (texts.length === 0) throw new Error(`${name} has no licence`);
    return `${'-'.repeat(100)}\n${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
  });
  return `${head}\n${parts.join('\n')}`;
}

/** For a package that names its licence and has no file of it. @param {string} license @param {string} folder */
function standardText(license, folder) {
  const { author, contributors = [] } = readManifest(folder);
  const who = [author, ...contributors].filter(Boolean).map((one) => (typeof one === 'string' ? one : one.name));
  return `Licence: ${license}${who.length > 0 ? `\nCopyright (c) ${who.join(', ')}` : ''}`;
}

/** @param {string} folder */
function readManifest(folder) {
  const file = path.join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
