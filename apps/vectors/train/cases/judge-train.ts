import { judgeAction } from '../../actions/cases/judge-action.js';
import type { Verdict } from '../../cases/verdict.js';
import { trainRules } from '../rules/train-rules.js';
import { interpretTrain } from '../run/interpret-train.js';
import type { TrainVector } from './train-vector.js';

export function judgeTrain(vector: TrainVector): Promise<Verdict> {
  return judgeAction(vector, { interpret: interpretTrain, rules: trainRules });
}
