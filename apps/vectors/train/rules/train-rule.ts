import type { ActionRule } from '../../actions/rules/action-rule.js';
import type { TrainVector } from '../cases/train-vector.js';

export type { Rewritten } from '../../actions/rules/action-rule.js';
export type TrainRule = ActionRule<TrainVector>;
