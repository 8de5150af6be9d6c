/** A version as a lockfile has it, without what some add behind it; null where it is a link, a URL or anything else. */
export function plainVersion(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  return /^v?(\d+\.\d+\.\d+(?:-[\dA-Za-z.-]+)?)(?:\+[\dA-Za-z.-]+)?(?=$|[(_])/.exec(text)?.[1] ?? null;
}

/** The version of `name@1.2.3`, the name with or without a scope; null where there is none. */
export function versionOfLocator(locator: unknown): string | null {
  if (typeof locator !== 'string') return null;
  const at = locator.indexOf('@', 1);
  return at < 0 ? null : plainVersion(locator.slice(at + 1).replace(/^npm:/, ''));
}

/** The only one of several versions; null where there are two: a repository may be on both. */
export function onlyVersion(versions: Iterable<string | null>): string | null {
  const known = new Set([...versions].filter((one) => one !== null));
  return known.size === 1 ? [...known][0]! : null;
}
