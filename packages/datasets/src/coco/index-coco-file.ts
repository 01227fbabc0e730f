import { createReadStream } from 'node:fs';

import { DatasetError } from '../dataset-error.js';
import type { CocoFile } from './coco-file.js';
import { AnnotationIndexer, HeadIndexer } from './indexers.js';
import { JsonListScanner, JsonSyntaxError, type JsonListItem } from './json-list-scanner.js';

const CHUNK_BYTES = 2 ** 20;

/**
 * Looks through a file and remembers its pictures, its categories, and where the annotations of each picture are. Memory grows
 * with the pictures, hardly with the annotations. The lists may come in any order: where annotations come before their
 * pictures, they are looked through a second time.
 *
 * @throws DatasetError `dataset_not_readable`
 */
export async function indexCocoFile(path: string, signal?: AbortSignal): Promise<CocoFile> {
  const head = new HeadIndexer(path);
  let annotations = new AnnotationIndexer(path, head);
  await scan(path, { lists: ['images', 'annotations', 'categories'], signal }, (item) => {
    if (item.list === 'annotations') annotations.take(item);
    else head.take(item);
    if (item.list === 'images' && annotations.hasSome) head.cameLate = true;
  });
  if (head.cameLate) {
    annotations = new AnnotationIndexer(path, head);
    await scan(path, { lists: ['annotations'], signal }, (item) => annotations.take(item));
  }
  const { pictures, categories } = head;
  return {
    path,
    pictures,
    categories,
    annotations: annotations.index,
    problems: [head.problems, annotations.problems],
  };
}

interface ScanOptions {
  readonly lists: readonly string[];
  readonly signal: AbortSignal | undefined;
}

async function scan(path: string, { lists, signal }: ScanOptions, onItem: (item: JsonListItem) => void): Promise<void> {
  const scanner = new JsonListScanner(lists, onItem);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      signal?.throwIfAborted();
      scanner.write(chunk as Buffer);
    }
    scanner.end();
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const message = `${path} cannot be read as COCO: ${error.message}.`;
    throw new DatasetError({ code: 'dataset_not_readable', message, cause: error });
  }
}
