import type { AnnotatedPicture } from '../model/annotated-picture.js';
import type { ReadPicturesOptions } from '../model/dataset-reader.js';
import type { LeftOut } from '../model/left-out.js';

/** What is on its way at a time. */
const AHEAD = 4;

/**
 * Reads one picture after the other, but begins with the next ones before they are wanted, so that the disk is not waited for.
 * They come in the order of `items`, and so does what is left out. What goes wrong with one is thrown when its turn has come.
 *
 * @param read gets a `leaveOut` of its own; `undefined` when there is no such picture
 */
export async function* readAhead<Item>(
  items: Iterable<Item>,
  options: ReadPicturesOptions,
  read: (item: Item, options: ReadPicturesOptions) => Promise<AnnotatedPicture | undefined>,
): AsyncGenerator<AnnotatedPicture> {
  const begun: Promise<Reading>[] = [];
  try {
    for (const item of items) {
      options.signal?.throwIfAborted();
      begun.push(begin((own) => read(item, { ...options, ...own })));
      if (begun.length >= AHEAD) yield* take(begun, options);
    }
    while (begun.length > 0) yield* take(begun, options);
  } finally {
    await Promise.allSettled(begun);
  }
}

interface Reading {
  readonly picture: AnnotatedPicture | undefined;
  readonly leftOut: readonly LeftOut[];
}

function begin(
  read: (own: Pick<ReadPicturesOptions, 'leaveOut'>) => Promise<AnnotatedPicture | undefined>,
): Promise<Reading> {
  const leftOut: LeftOut[] = [];
  const reading = read({ leaveOut: (entry) => void leftOut.push(entry) }).then((picture) => ({ picture, leftOut }));
  reading.catch(() => undefined); // whose turn does not come any more is nobody's error; whoever takes it gets it
  return reading;
}

async function* take(begun: Promise<Reading>[], { leaveOut }: ReadPicturesOptions): AsyncGenerator<AnnotatedPicture> {
  for (const first of begun.splice(0, 1)) {
    const { picture, leftOut } = await first;
    for (const entry of leftOut) leaveOut(entry);
    if (picture !== undefined) yield picture;
  }
}
