import type { Size } from '../model/annotated-picture.js';

// Masks are counted row by row in DM, and column by column in the model (as in COCO). Only pixels inside of the object are
// ever held, four bytes each.

/** @param rowRuns starts and lengths, counted row by row, sorted, without overlap */
export function columnRuns(rowRuns: readonly (readonly [number, number])[], { width, height }: Size): number[] {
  const turn = (at: number): number => (at % width) * height + Math.floor(at / width);
  const runs = toRuns(turned(rowRuns, turn));
  const lengths: number[] = [];
  let end = 0;
  for (const [start, length] of runs) {
    lengths.push(start - end, length);
    end = start + length;
  }
  if (end < width * height) lengths.push(width * height - end);
  return lengths;
}

/** The opposite: starts and lengths, counted row by row. */
export function rowRuns(columnRunLengths: readonly number[], { width, height }: Size): [number, number][] {
  const inside: [number, number][] = [];
  let at = 0;
  for (const [index, length] of columnRunLengths.entries()) {
    if (index % 2 === 1 && length > 0) inside.push([at, length]);
    at += length;
  }
  return toRuns(turned(inside, (place) => (place % height) * width + Math.floor(place / height)));
}

function turned(runs: readonly (readonly [number, number])[], turn: (at: number) => number): Uint32Array {
  const places = new Uint32Array(runs.reduce((sum, [, length]) => sum + length, 0));
  let next = 0;
  for (const [start, length] of runs) {
    for (let at = start; at < start + length; at += 1) {
      places[next] = turn(at);
      next += 1;
    }
  }
  return places.sort();
}

function toRuns(places: Uint32Array): [number, number][] {
  const runs: [number, number][] = [];
  let open: [number, number] | undefined;
  for (const place of places) {
    if (open !== undefined && open[0] + open[1] === place) open[1] += 1;
    else runs.push((open = [place, 1]));
  }
  return runs;
}
