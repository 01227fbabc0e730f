import type { FileHandle } from 'node:fs/promises';

import { DatasetError } from '../dataset-error.js';
import type { AnnotationPlace } from './annotation-index.js';
import type { CocoFile } from './coco-file.js';
import { parseJsonItem } from './parse-json-item.js';

/** How much is held at once: so much of annotations (or one picture's, if those are more), of so many pictures. */
const WINDOW_BYTES = 8 * 2 ** 20;
const WINDOW_PICTURES = 2048;
/** One read is cheaper than two when less than this lies between. */
const GAP_BYTES = 32 * 1024;
const RUN_BYTES = 2 ** 20;
const RUNS_AT_ONCE = 8;

/**
 * The annotations of one picture after the other, in the order of `file.pictures`. Reads a few MiB at a time, in the order of
 * the file, so that a file in which all pictures are mixed takes more reads but no more memory.
 */
export async function* readAnnotations(file: CocoFile, handle: FileHandle): AsyncGenerator<readonly unknown[]> {
  let picture = 0;
  while (picture < file.pictures.length) {
    const { places, end } = nextWindow(file, picture);
    const texts = await readPlaces(handle, places);
    for (; picture < end; picture += 1) yield (texts.get(picture) ?? []).map((bytes) => parseAgain(bytes, file.path));
  }
}

function nextWindow(file: CocoFile, start: number): { readonly places: AnnotationPlace[]; readonly end: number } {
  const places: AnnotationPlace[] = [];
  let [bytes, end] = [0, start];
  while (end < file.pictures.length && end - start < WINDOW_PICTURES && bytes < WINDOW_BYTES) {
    for (const place of file.annotations.of(end)) {
      places.push(place);
      bytes += place.length;
    }
    end += 1;
  }
  return { places: places.sort((left, right) => left.offset - right.offset), end };
}

async function readPlaces(handle: FileHandle, places: readonly AnnotationPlace[]): Promise<Map<number, Buffer[]>> {
  const found = new Map<number, Buffer[]>();
  for (let first = 0; first < places.length;) {
    const runs: Promise<ReadPlace[]>[] = [];
    while (first < places.length && runs.length < RUNS_AT_ONCE) {
      const next = endOfRun(places, first);
      runs.push(readRun(handle, places.slice(first, next)));
      first = next;
    }
    for (const { picture, bytes } of (await Promise.all(runs)).flat()) {
      const list = found.get(picture);
      if (list === undefined) found.set(picture, [bytes]);
      else list.push(bytes);
    }
  }
  return found;
}

interface ReadPlace {
  readonly picture: number;
  readonly bytes: Buffer;
}

/** How many places from `first` on are read together. */
function endOfRun(places: readonly AnnotationPlace[], first: number): number {
  const start = places[first]?.offset ?? 0;
  let next = first + 1;
  for (let previous = places[first]; previous !== undefined && next < places.length; next += 1) {
    const place = places[next];
    if (place === undefined || place.offset - (previous.offset + previous.length) > GAP_BYTES) break;
    if (place.offset + place.length - start > RUN_BYTES) break;
    previous = place;
  }
  return next;
}

async function readRun(handle: FileHandle, run: readonly AnnotationPlace[]): Promise<ReadPlace[]> {
  const [start, last] = [run[0]?.offset ?? 0, run.at(-1)];
  const buffer = Buffer.allocUnsafe((last?.offset ?? 0) + (last?.length ?? 0) - start);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  // What lies between is not held any longer than this.
  return run.map(({ picture, offset, length }) => {
    const from = offset - start;
    return { picture, bytes: Buffer.from(buffer.subarray(from, Math.min(from + length, filled))) };
  });
}

function parseAgain(bytes: Buffer, path: string): unknown {
  try {
    return parseJsonItem(bytes);
  } catch (error) {
    const message = `${path} was changed while it was read; convert it again.`;
    throw new DatasetError({ code: 'dataset_not_readable', message, cause: error, retryable: true });
  }
}
