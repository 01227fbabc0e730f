import type { ActionRule } from '../../actions/rules/action-rule.js';
import type { UploadVector } from '../cases/upload-vector.js';

export type { Rewritten } from '../../actions/rules/action-rule.js';
export type UploadRule = ActionRule<UploadVector>;
