import type { RequestRecord } from '../cases/action-vector.js';
import type { ActionRule } from './action-rule.js';
import { failedStep, requestsOf } from './rewriting.js';

/** The progress record of a job with another entry for a step. */
export function withStepProgress(request: RequestRecord, step: string, entry: object): RequestRecord {
  const update = request.json as { progress_record?: { record: { steps: object } } } | undefined;
  const progress = update?.progress_record;
  if (progress === undefined) return request;
  const steps = { ...progress.record.steps, [step]: entry };
  return { ...request, json: { progress_record: { ...progress, record: { ...progress.record, steps } } } as never };
}

export const jobIsToldOfFailure: ActionRule = {
  id: 'job-is-told-of-failure',
  defects: ['W-20'],
  where: 'a step fails in a job',
  sdk: 'leaves the step in the progress record as it was',
  ours: 'says in the progress record that the step failed, and how far it was',
  why: 'the backend shows what it is told',
  rewrite(expect, { given }) {
    const failed = failedStep(expect)?.name;
    if (given.logger !== 'job' || failed === undefined) return expect;
    const requests = requestsOf(expect).map((request) => withStepProgress(request, failed, FAILED_STEP));
    return { ...expect, requests };
  },
};

/** What is told of a step that failed: how far it was is not certain. */
const FAILED_STEP = { status: 'failed', proportion: '{any}', order: '{any}', percent: '{any}' };
