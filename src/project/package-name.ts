/** The package of an import specifier: `astro` of `astro/zod`, `@a/b` of `@a/b/c`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
