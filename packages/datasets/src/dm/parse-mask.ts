import type { MaskAnnotation, PictureFile, Size } from '../model/annotated-picture.js';
import { lookAt } from '../pictures/picture-size.js';
import { asList, asNumbers } from './json-fields.js';
import type { RawAnnotation } from './raw-annotation.js';
import { columnRuns } from './mask-runs.js';

type MaskShape = Omit<MaskAnnotation, 'className'>;

/** The mask, or why it is none: DM counts pixels row by row, either each one or in runs. */
export function parseMask(raw: RawAnnotation, picture: PictureFile | undefined): MaskShape | string {
  const encoding = encodingOf(raw);
  if (encoding === undefined) return 'A mask does not say how it is encoded: raw_indices or dm_rle.';
  if (picture === undefined) return 'A mask counts pixels of its picture, and there is none.';
  const look = picture.size === undefined ? lookAt(picture) : { size: picture.size };
  if (look.size === undefined) return `A mask counts pixels of its picture. ${look.problem.reason}`;
  const starts = encoding === 'dm_rle' ? asList(raw.data).map(asNumbers) : asList(raw.data).map((index) => [index, 1]);
  const runs = checkedRuns(starts, look.size);
  if (typeof runs === 'string') return runs;
  return { kind: 'mask', size: look.size, runs: columnRuns(runs, look.size) };
}

/** Version 1 says it by a flag, and calls its only format `rle`. */
function encodingOf({ fields }: RawAnnotation): 'raw_indices' | 'dm_rle' | undefined {
  const { encoding, isCompressed } = fields;
  if (encoding === 'raw_indices' || encoding === 'dm_rle') return encoding;
  if (encoding !== undefined || typeof isCompressed !== 'boolean') return undefined;
  return isCompressed ? 'dm_rle' : 'raw_indices';
}

function checkedRuns(starts: readonly unknown[], { width, height }: Size): [number, number][] | string {
  const runs: [number, number][] = [];
  for (const [index, item] of starts.entries()) {
    const [start, length] = asNumbers(item) ?? [];
    if (!isCount(start) || !isCount(length) || length === 0) return `Entry ${index} of a mask is no run of pixels.`;
    if (start + length > width * height) return `A mask reaches out of its picture at pixel ${start + length - 1}.`;
    runs.push([start, length]);
  }
  if (runs.length === 0) return 'A mask has no pixels.';
  runs.sort(([left], [right]) => left - right);
  const overlap = runs.some(([start], index) => index > 0 && start < endOf(runs[index - 1]));
  return overlap ? 'Two runs of a mask overlap.' : runs;
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0;
}

function endOf([start, length]: [number, number] = [0, 0]): number {
  return start + length;
}
