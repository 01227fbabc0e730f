import { brokenInputRules } from './broken-input-rules.js';
import type { ConvertRule } from './convert-rule.js';
import { datasetRules } from './dataset-rules.js';
import { fromDmRules } from './from-dm-rules.js';
import { itemRules } from './item-rules.js';
import { pairRules } from './pair-rules.js';
import { toDmRules } from './to-dm-rules.js';
import { wordRules } from './word-rules.js';

/** Every point in which ours differs on purpose; each works on what those before it made of an expectation. */
export const convertRules: readonly ConvertRule[] = [
  ...pairRules,
  ...brokenInputRules,
  ...fromDmRules,
  ...toDmRules,
  ...itemRules,
  ...datasetRules,
  ...wordRules,
];
