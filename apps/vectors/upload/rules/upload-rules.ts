import { failureRules } from './failure-rules.js';
import { fileRules } from './file-rules.js';
import { jobRules } from './job-rules.js';
import { sendingRules } from './sending-rules.js';
import { tellingRules } from './telling-rules.js';
import { undoRules } from './undo-rules.js';
import { unitRules } from './unit-rules.js';
import type { UploadRule } from './upload-rule.js';

/** Every point in which ours differs on purpose; each works on what those before it made of an expectation. */
export const uploadRules: readonly UploadRule[] = [
  ...fileRules,
  ...sendingRules,
  ...unitRules,
  ...failureRules,
  ...tellingRules,
  ...undoRules,
  ...jobRules,
];
