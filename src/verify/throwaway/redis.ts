import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Problem } from '../../problem.ts';
import { programOnPath } from '../../project/programs.ts';
import { freePort, type Server, serve } from './server.ts';

/**
 * Starts an empty Redis or Valkey as Flue wants it, of the first program that is on the PATH. Raises
 * `unsupported-driver`.
 */
export async function startRedis(programs: string[]): Promise<Server> {
  const command = programs.map((one) => programOnPath(one)).find((one) => one !== null);
  if (!command) {
    const names = programs.map((one) => `\`${one}\``).join(' nor ');
    const hint = 'install one of them, or run it without `--throwaway` against a server of your own';
    throw new Problem(
      'unsupported-driver',
      `--throwaway needs a server program, and neither ${names} is on the PATH`,
      hint,
    );
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'flue-throwaway-'));
  const port = await freePort();
  const fixed = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'yes'];
  const args = [...fixed, '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'];
  return serve({ command, args, env: {}, uid: null, folder }, port);
}
