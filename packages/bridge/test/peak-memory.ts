/** Runs `work` and tells by how many MiB the resident memory of this process grew at most meanwhile. */
export async function peakMemoryOf(work: () => unknown): Promise<number> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 10);
  try {
    await work();
  } finally {
    clearInterval(timer);
    look();
  }
  return (peak - before) / (1024 * 1024);
}
