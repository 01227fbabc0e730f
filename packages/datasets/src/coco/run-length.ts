// Masks as COCO writes them: lengths of runs, column by column, the first of pixels outside; and the text that packs them.
import type { Box, Size } from '../model/annotated-picture.js';

const FIRST_CHARACTER = 48;

/**
 * Unpacks the text of a compressed mask: five bits a character, lowest first, from the fourth number on as the difference to
 * the one two before.
 *
 * @returns `undefined` when it is no such text
 */
export function unpackRuns(text: string): number[] | undefined {
  const runs: number[] = [];
  let [value, shift] = [0, 0];
  for (let index = 0; index < text.length; index += 1) {
    const bits = text.charCodeAt(index) - FIRST_CHARACTER;
    if (bits < 0 || bits > 63 || shift > 30) return undefined;
    value |= (bits & 31) << shift;
    shift += 5;
    if ((bits & 32) !== 0) continue;
    if ((bits & 16) !== 0 && shift < 32) value |= -1 << shift;
    runs.push(runs.length > 2 ? value + (runs[runs.length - 2] ?? 0) : value);
    [value, shift] = [0, 0];
  }
  return shift === 0 ? runs : undefined;
}

/** The inverse of `unpackRuns`. */
export function packRuns(runs: readonly number[]): string {
  let text = '';
  for (const [index, run] of runs.entries()) {
    let value = index > 2 ? run - (runs[index - 2] ?? 0) : run;
    for (let more = true; more;) {
      const bits = value & 31;
      value >>= 5;
      more = (bits & 16) !== 0 ? value !== -1 : value !== 0;
      text += String.fromCharCode(FIRST_CHARACTER + (more ? bits | 32 : bits));
    }
  }
  return text;
}

/** Whether runs are whole numbers, none negative, that cover the picture exactly. */
export function coversExactly(runs: readonly number[], { width, height }: Size): boolean {
  let pixels = 0;
  for (const run of runs) {
    if (!Number.isSafeInteger(run) || run < 0) return false;
    pixels += run;
  }
  return pixels === width * height && pixels < 2 ** 31;
}

export interface MaskExtent {
  /** How many pixels are inside. */
  readonly area: number;
  readonly box: Box;
}

/** `undefined` for a mask without a pixel inside. */
export function maskExtent(runs: readonly number[], { height }: Size): MaskExtent | undefined {
  let [area, position] = [0, 0];
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (const [index, run] of runs.entries()) {
    if (index % 2 === 1 && run > 0) {
      area += run;
      const [first, last] = [position, position + run - 1];
      left = Math.min(left, Math.floor(first / height));
      right = Math.max(right, Math.floor(last / height));
      const isOneColumn = Math.floor(first / height) === Math.floor(last / height);
      top = Math.min(top, isOneColumn ? first % height : 0);
      bottom = Math.max(bottom, isOneColumn ? last % height : height - 1);
    }
    position += run;
  }
  if (area === 0) return undefined;
  return { area, box: { x: left, y: top, width: right - left + 1, height: bottom - top + 1 } };
}
