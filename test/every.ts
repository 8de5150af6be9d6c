/** True under `FLUE_EVERY=all`: the long tables are run whole, not the part of them that CI has the time for. */
export const everything = process.env.FLUE_EVERY === 'all';

/** Every n-th of a long list, from that index on, or all of it under `FLUE_EVERY=all`. */
export function everyNth<T>(list: readonly T[], n: number, from = 0): readonly T[] {
  return everything ? list : list.filter((_, index) => index % n === from % n);
}
