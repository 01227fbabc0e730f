import { didYouMean } from '@synapse-steps/core';
import { datasetFormats, type DatasetFormat } from '@synapse-steps/datasets';

/** `Did you mean 'x'? ` for a slip of the keyboard or another tool's name of a format, an empty text for any other word. */
export function likelyFormat(word: string): string {
  const [, theirs] = NAMES_ELSEWHERE.find(([pattern]) => pattern.test(word)) ?? [];
  return theirs === undefined ? didYouMean(word, datasetFormats) : `Did you mean '${theirs}'? `;
}

const NAMES_ELSEWHERE: readonly (readonly [RegExp, DatasetFormat])[] = [
  [/^(?:dm|data_?maker)$/i, 'dm_v2'],
  [/voc/i, 'pascal'],
  [/^ultralytics$/i, 'yolo'],
];
