import { plain } from './words.ts';

/** Keeps the last lines that the process prints, on either stream. Gives them on one line, `clean`ed of secrets. */
export function keepOutput(clean: (text: string) => string): () => string {
  let kept = '';
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream;
    stream.write = ((...given: unknown[]) => {
      const [chunk] = given;
      const text = typeof chunk === 'string' ? chunk : chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : '';
      kept = (kept + text.slice(-8_000)).slice(-8_000);
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
