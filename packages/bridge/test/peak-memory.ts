// Not those of the global object, which a test may have replaced by ones that stand still.
import { clearInterval, setInterval } from 'node:timers';

/** Runs `work` and tells by how many MiB the resident memory of this process grew at most meanwhile. */
export async function peakMemoryOf(work: () => unknown): Promise<number> {
  const grown = watchMemory();
  try {
    await work();
  } finally {
    grown();
  }
  return grown();
}

/** Looks at the resident memory of this process from now on; the function ends that, and tells the growth in MiB. */
export function watchMemory(): () => number {
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 10);
  timer.unref();
  let isOver = false;
  return () => {
    if (!isOver) look();
    isOver = true;
    clearInterval(timer);
    return (peak - before) / (1024 * 1024);
  };
}
