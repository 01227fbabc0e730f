/**
 * Does something for each item, so many at once, in the order of the list. When one rejects, no further one is begun; those
 * under way are waited for, and then it rejects with the first error.
 */
export async function atOnce<T>(
  items: readonly T[],
  limit: number | (() => number),
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const most = typeof limit === 'number' ? () => limit : limit;
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for (const [index, item] of items.entries()) {
    while (running.size >= most()) await Promise.race(running);
    if (failures.length > 0) break;
    const task = work(item, index)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => void running.delete(task));
    running.add(task);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
