import { Problem } from '../problem.ts';

const units: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600 };

/**
 * How long an install may take, in seconds: `FLUE_INSTALL_TIMEOUT` as a person writes it (`90`, `90s`, `15m`, `1.5h`), or 15 minutes. Raises
 * `bad-request` for anything else.
 */
export function timeLimit(text = process.env.FLUE_INSTALL_TIMEOUT ?? ''): number {
  if (text.trim() === '') return 15 * 60;
  const match = /^(\d+(?:\.\d+)?) ?([smh]?)$/i.exec(text.trim());
  const seconds = match ? Number(match[1]) * units[match[2]!.toLowerCase()]! : 0;
  if (seconds > 0 && Number.isSafeInteger(Math.ceil(seconds))) return seconds;
  const message = `\`FLUE_INSTALL_TIMEOUT=${text}\` is no length of time`;
  throw new Problem('bad-request', message, 'write seconds, minutes or hours: `90`, `90s`, `15m` or `1h`');
}
