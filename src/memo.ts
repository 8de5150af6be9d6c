/** What is known by a key, or is made now and known from now on; null is known, too. */
export function kept<K, T>(known: Map<K, T>, key: K, make: () => T): T {
  const there = known.get(key);
  if (there !== undefined) return there;
  const value = make();
  known.set(key, value);
  return value;
}

/** What a function gives, asked for when it is first wanted, and once. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
