import { redactOutput } from './secrets.ts';
import { plain } from './words.ts';

/** Keeps the last lines that the process prints, on either stream. Gives them on one line, without secrets. */
export function keepOutput(): () => string {
  let kept = '';
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream;
    stream.write = ((...given: unknown[]) => {
      const [chunk] = given;
      const text = typeof chunk === 'string' ? chunk : chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : '';
      kept = (kept + text.slice(-4_000)).slice(-4_000);
      return Reflect.apply(write, stream, given);
    }) as typeof write;
  }
  return () =>
    plain(
      redactOutput(kept, process.env)
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(-3)
        .join(' / '),
      300,
    );
}
