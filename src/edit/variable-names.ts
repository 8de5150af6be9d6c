/** Whether all of the names are of those that frameworks put into what they send to browsers. */
export function isPublic(names: readonly string[]): boolean {
  const seen =
    /^(?:VITE|NEXT_PUBLIC|PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|REACT_APP|GATSBY)_|^(?:MODE|DEV|PROD|SSR|BASE_URL)$/;
  return names.length > 0 && names.every((name) => seen.test(name));
}

/** Whether it is a test's or a shadow's: no neighbour for what the program reads. */
export function isBeside(name: string): boolean {
  return /(?:^|_)(?:TEST|SHADOW)_/.test(name);
}
