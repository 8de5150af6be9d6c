import type { Readable } from 'node:stream';
import type { Message } from '../types/verify.ts';

/** A line that is longer is none of ours. */
const longest = 1 << 16;

/** Reads lines of JSON and hands on those that carry the key; the project's code may write there whatever it likes. */
export function messagesIn(channel: Readable, key: string, take: (message: Message) => void): void {
  let rest = '';
  channel.setEncoding('utf8');
  channel.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    if (rest.length > longest) rest = '';
    for (const line of lines) {
      const message = parsed(line, key);
      if (message) take(message);
    }
  });
}

function parsed(line: string, key: string): Message | null {
  if (line.length > longest || !line.includes(key)) return null;
  try {
    const { key: carried, ...message } = JSON.parse(line) as Message & { key?: string };
    return carried === key ? (message as Message) : null;
  } catch {
    return null;
  }
}
