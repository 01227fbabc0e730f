/** What is on its way at a time. */
const AHEAD = 8;

/**
 * Loads `items` one after the other but begins with the next ones before they are wanted, so that the disk is not waited for.
 * They come in their order. What goes wrong with one is thrown when its turn has come; none is begun after that.
 */
export async function* readAhead<Item, Loaded>(
  items: Iterable<Item>,
  load: (item: Item) => Promise<Loaded>,
): AsyncGenerator<Loaded> {
  const begun: Promise<Loaded>[] = [];
  try {
    for (const item of items) {
      begun.push(quiet(load(item)));
      if (begun.length >= AHEAD) yield await next(begun);
    }
    while (begun.length > 0) yield await next(begun);
  } finally {
    await Promise.allSettled(begun);
  }
}

/** An error of one that nobody asks for any more is nobody's; who does ask gets it. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

async function next<T>(begun: Promise<T>[]): Promise<T> {
  const [first] = begun.splice(0, 1);
  if (first === undefined) throw new Error('Nothing was begun.');
  return first;
}
