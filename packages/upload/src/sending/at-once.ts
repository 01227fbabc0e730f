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
  const failures: unknown[] = [];
  let running = 0;
  let oneHasEnded = (): void => undefined;
  const end = (): Promise<void> => new Promise((resolve) => (oneHasEnded = resolve));
  const run = async (item: T, index: number): Promise<void> => {
    try {
      await work(item, index);
    } catch (error) {
      failures.push(error);
    }
    running -= 1;
    oneHasEnded();
  };
  for (const [index, item] of items.entries()) {
    while (running > 0 && running >= most()) await end();
    if (failures.length > 0) break;
    running += 1;
    void run(item, index);
  }
  while (running > 0) await end();
  if (failures.length > 0) throw failures[0];
}
