import { judgeAction } from '../../actions/cases/judge-action.js';
import { unlistedWhenThrown, type Verdict } from '../../cases/verdict.js';
import { interpretDataset } from '../run/interpret-dataset.js';
import { asActionRules } from '../rules/convert-rule.js';
import { convertRules } from '../rules/convert-rules.js';
import type { ConvertVector } from './convert-vector.js';
import { judgeFolder } from './judge-folder.js';
import { judgeItems } from './judge-items.js';

/** Does what a vector describes, and compares what came out with what was recorded, or with what the rules make of that. */
export function judgeConvert(vector: ConvertVector): Promise<Verdict> {
  switch (vector.action) {
    case 'convert':
      return unlistedWhenThrown(() => judgeFolder(vector));
    case 'convert-items':
      return unlistedWhenThrown(() => judgeItems(vector));
    default:
      return judgeAction(vector, { interpret: interpretDataset, rules: asActionRules(convertRules) });
  }
}
