/**
 * How much of the processor's time some work took in this process, in ms: what else the machine does meanwhile does not
 * count, as it does on a clock.
 */
export function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
