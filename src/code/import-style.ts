import path from 'node:path';

/** A module's path without its extension, and without `/index`. */
export function withoutExtension(file: string): string {
  return file.replace(/\.[mc]?[jt]sx?$/, '').replace(/\/index$/, '');
}

/** Whether a module is the index of its folder. */
export function isIndex(file: string): boolean {
  return /(?:^|\/)index\.[mc]?[jt]sx?$/.test(file);
}

/**
 * The module as the db entry imports it, written as the other importer does: with its alias, or with its kind of
 * extension. A folder's index is named where it must be: beside an extension, and where its folder has the name of the
 * db entry.
 */
export function specifierFrom(entry: string, file: string, like: string): string {
  if (!like.startsWith('.')) return like;
  const target = path.posix.relative(path.posix.dirname(entry), withoutExtension(file)) || '.';
  const kind = /\.[mc]?[jt]sx?$/.exec(like)?.[0] ?? '';
  // What is no plain module is only found by its extension.
  const own = /\.([mc])([jt])s$/.exec(file);
  const named = own && (/ts$/.test(kind) ? own[0] : `.${own[1]}js`);
  const extension = named ?? kind;
  const shadowed = withoutExtension(file) === withoutExtension(entry) || target === '.';
  const index =
    isIndex(file) && (extension !== '' || shadowed || /\/index(?:\.[mc]?[jt]sx?)?$/.test(like)) ? '/index' : '';
  const bare = target.startsWith('.') ? target : `./${target}`;
  return `${bare}${index}${extension}`;
}
