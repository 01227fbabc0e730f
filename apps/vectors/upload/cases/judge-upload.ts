import { judgeAction } from '../../actions/cases/judge-action.js';
import type { Verdict } from '../../cases/verdict.js';
import { interpretUpload } from '../run/interpret-upload.js';
import { uploadRules } from '../rules/upload-rules.js';
import type { UploadVector } from './upload-vector.js';

export function judgeUpload(vector: UploadVector): Promise<Verdict> {
  return judgeAction(vector, { interpret: interpretUpload, rules: uploadRules });
}
