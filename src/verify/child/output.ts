import { plain } from './words.ts';

/** Keeps the last lines that the process prints, on either stream. Gives them on one line, `clean`ed of secrets. */
export function keepOutput(clean: (text: string) => string): () => string {
  let kept = '';
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream;
    stream.write = ((...given: unknown[]) => {
      const [chunk] = given;
      kept = (kept + decoded(chunk).slice(-8_000)).slice(-8_000);
      return Reflect.apply(write, stream, given);
    }) as typeof write;
  }
  return () =>
    plain(
      // What was cut off in its middle is not known as a secret any more: the beginning is left out.
      clean(kept)
        .slice(-3_000)
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(-3)
        .join(' / '),
      300,
    );
}

/** What a stream is given, as a text. */
function decoded(chunk: unknown): string {
  if (typeof chunk === 'string') return chunk;
  return chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : '';
}
