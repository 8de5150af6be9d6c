import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import type { Run } from '../types/plan.ts';

const stallNotice = 30_000;
const fallbackLimit = 15 * 60_000;

/** What a run tells while it goes on. */
export interface Watch {
  /** The process group's leader, or null when it has ended. */
  running(pid: number | null): void;
  /** What it prints, as it comes. */
  printed(text: string): void;
  /** Nothing was printed for half a minute. */
  stalled(seconds: number): void;
  signal: AbortSignal;
}

/**
 * Runs a package manager: stdin closed, output kept for the case of failure, its whole process group ended on abort or after
 * `FLUE_INSTALL_TIMEOUT` seconds (900). Judged by what is there afterwards, not by its exit code alone: pnpm exits 1 over
 * unapproved build scripts although everything is installed. Raises `operation-failed` with its last lines.
 */
export async function runCommand(root: string, run: Run, watch: Watch): Promise<void> {
  const { execa } = await import('execa');
  const [file, ...args] = run.command;
  const child = execa(file, args, {
    cwd: path.join(root, run.cwd),
    stdin: 'ignore',
    all: true,
    reject: false,
    detached: process.platform !== 'win32',
    cleanup: false,
    windowsHide: true,
  });
  if (child.pid) watch.running(child.pid);
  const end = () => endGroup(child.pid);
  const limit = Number(process.env.FLUE_INSTALL_TIMEOUT) * 1000 || fallbackLimit;
  let timedOut = false;
  let quiet = 0;
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, limit);
  const ticker = setInterval(() => {
    quiet += stallNotice / 1000;
    watch.stalled(quiet);
  }, stallNotice);
  child.all?.on('data', (chunk) => {
    watch.printed(String(chunk));
    quiet = 0;
    ticker.refresh();
  });
  watch.signal.addEventListener('abort', end);
  const result = await child;
  clearTimeout(timer);
  clearInterval(ticker);
  watch.signal.removeEventListener('abort', end);
  watch.running(null);
  if (watch.signal.aborted) return;
  const command = run.command.join(' ');
  if (timedOut)
    throw failed(
      `\`${command}\` had not ended after ${limit / 1000} s`,
      result.all,
      'see what it waits for; `FLUE_INSTALL_TIMEOUT` sets the limit in seconds',
    );
  const missing = run.brings.filter((name) => !isThere(root, name));
  if (missing.length === 0 && (result.exitCode === 0 || isUnapprovedBuild(result.all))) return;
  if (result.code === 'ENOENT') {
    throw failed(
      `\`${file}\` is not installed`,
      '',
      `install ${file}, or name another with \`--package-manager\`, or pass \`--no-install\``,
    );
  }
  const what =
    result.exitCode === 0
      ? `\`${command}\` ended well, but ${missing.join(', ')} is not there`
      : `\`${command}\` failed`;
  throw failed(what, result.all, 'mend what it says, or pass `--no-install` and install yourself');
}

function endGroup(pid: number | undefined): void {
  if (!pid) return;
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, name);
    } catch {
      // It has already ended.
    }
  };
  signal('SIGTERM');
  setTimeout(() => signal('SIGKILL'), 3000).unref();
}

function isUnapprovedBuild(output: string | undefined): boolean {
  return /ERR_PNPM_IGNORED_BUILDS|Ignored build scripts/.test(output ?? '');
}

/** In a `node_modules` from the package upward, or named in Yarn's PnP map. */
function isThere(root: string, name: string): boolean {
  for (let folder = root; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'node_modules', name, 'package.json'))) return true;
    const pnp = path.join(folder, '.pnp.cjs');
    if (existsSync(pnp)) return readFileSync(pnp, 'utf8').includes(`"${name}"`);
    if (path.dirname(folder) === folder) return false;
  }
}

function failed(message: string, output: string | undefined, hint: string): Problem {
  const lines = (output ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
  const last = lines.slice(-12).map((line) => `\n  ${line}`);
  return new Problem('operation-failed', message + last.join(''), hint);
}
