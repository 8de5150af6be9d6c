import { write } from './stream.ts';

/**
 * Data that was asked for: help, versions, a completion script. Raises `operation-failed` where stdout cannot be
 * written.
 */
export function print(text: string): void {
  write(1, text);
}
