import { Worker } from 'node:worker_threads';

/**
 * Ends this process and its group when the parent has gone or the time is over, also while the project's code keeps the
 * main thread busy: a thread of its own looks four times a second.
 */
export function watchOverProcess(limit: number): void {
  const code = `
    const parent = process.ppid;
    const end = () => {
      try { process.kill(-process.pid, 'SIGKILL'); } catch {}
      process.kill(process.pid, 'SIGKILL');
    };
    setInterval(() => { if (process.ppid !== parent) end(); }, 250);
    setTimeout(end, ${limit});
  `;
  new Worker(code, { eval: true, stdin: false, stdout: false, stderr: false, env: {}, execArgv: [] }).unref();
}
