import { readFileSync } from 'node:fs';

/** The most memory that this process has had. What the system calls `maxRSS` begins with that of the parent. */
export function peakBytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(peak?.[1]) * 1024;
}

/**
 * Runs some work and says what it took.
 *
 * @param {() => unknown} work
 */
export async function measureWork(work) {
  const processor = process.cpuUsage();
  const start = performance.now();
  await work();
  const value = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(processor);
  return { value, processorSeconds: (user + system) / 1e6, peakBytes: peakBytes() };
}
