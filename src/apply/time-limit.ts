import { Problem } from '../problem.ts';

/** A number and, behind it, what it counts; more than one, as in `1h 30m`. */
const part = /(\d+(?:\.\d+)?) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)(?![a-z]) ?/giy;
const units: Record<string, number> = { s: 1, m: 60, h: 3600 };

/**
 * How long an install may take, in seconds: `FLUE_INSTALL_TIMEOUT` as a person writes it (`90`, `90s`, `15m`, `1.5h`,
 * `1h 30m`, `20 min`), or 15 minutes. Raises `bad-request` for anything else.
 */
export function timeLimit(text = process.env.FLUE_INSTALL_TIMEOUT ?? ''): number {
  if (text.trim() === '') return 15 * 60;
  const seconds = secondsIn(text.trim());
  if (seconds > 0 && Number.isSafeInteger(Math.ceil(seconds))) return seconds;
  const message = `\`FLUE_INSTALL_TIMEOUT=${text}\` is no length of time`;
  throw new Problem('bad-request', message, 'write seconds, minutes or hours: `90`, `90s`, `15m` or `1h`');
}

/** 0: it is none. */
function secondsIn(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  let seconds = 0;
  let end = 0;
  for (const [all, number, unit] of text.matchAll(part)) {
    seconds += Number(number) * units[unit![0]!.toLowerCase()]!;
    end += all.length;
  }
  return end === text.length ? seconds : 0;
}
