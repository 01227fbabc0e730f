import type { RequestRecord } from '../../actions/cases/action-vector.js';
import { jobIsToldOfFailure, withStepProgress } from '../../actions/rules/job-progress.js';
import { isTo, requestsOf, stepsOf } from '../../actions/rules/rewriting.js';
import type { TrainRule } from './train-rule.js';

/** What a job of the backend is told. */
export const jobRules: readonly TrainRule[] = [
  {
    id: 'every-line-has-a-level',
    defects: ['W-20'],
    where: 'a job is told of metrics',
    sdk: 'sends the line without a level',
    ours: 'sends every line with its level, here `info`',
    why: 'the backend sorts by it',
    rewrite: (expect) => ({ ...expect, requests: requestsOf(expect).map(withLevel) }),
  },
  {
    id: 'every-step-is-told',
    defects: ['W-17'],
    where: 'the step `convert` runs in a job',
    sdk: 'leaves it out of the progress record, because its share is 0',
    ours: 'has it there, with that share',
    why: 'people look there for what is going on',
    rewrite(expect, { given }) {
      const order = stepsOf(expect).findIndex(({ name, outcome }) => name === 'convert' && outcome !== 'not-run');
      if (given.logger !== 'job' || order < 0) return expect;
      const entry = { proportion: 0, order, percent: '{any}' };
      return { ...expect, requests: requestsOf(expect).map((request) => withStepProgress(request, 'convert', entry)) };
    },
  },
  jobIsToldOfFailure,
];

function withLevel(request: RequestRecord): RequestRecord {
  if (!isTo(request, 'POST /logs/') || Array.isArray(request.json)) return request;
  return { ...request, json: { level: 'info', ...(request.json as Record<string, never>) } };
}
