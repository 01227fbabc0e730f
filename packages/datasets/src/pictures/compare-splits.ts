import { compareCodePoints } from './compare-code-points.js';

const FIRST = ['train', 'valid', 'validation', 'val', 'test'];

/** Orders splits as they are used: for training, for validation, for tests; then all others by name. */
export function compareSplits(left: string, right: string): number {
  return place(left) - place(right) || compareCodePoints(left, right);
}

function place(split: string): number {
  const known = FIRST.indexOf(split);
  return known === -1 ? FIRST.length : known;
}

/** Whether a folder of this name is likely to be a split. */
export function isSplitName(name: string): boolean {
  return FIRST.includes(name);
}
