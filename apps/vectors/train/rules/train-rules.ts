import { dataRules } from './data-rules.js';
import { jobRules } from './job-rules.js';
import { modelRules } from './model-rules.js';
import { tellingRules } from './telling-rules.js';
import type { TrainRule } from './train-rule.js';

/** Every point in which ours differs on purpose; each works on what those before it made of an expectation. */
export const trainRules: readonly TrainRule[] = [...dataRules, ...modelRules, ...tellingRules, ...jobRules];
