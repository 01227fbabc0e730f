import type { RequestRecord } from '../cases/action-vector.js';

/** The progress record of a job with another entry for a step. */
export function withStepProgress(request: RequestRecord, step: string, entry: object): RequestRecord {
  const update = request.json as { progress_record?: { record: { steps: object } } } | undefined;
  const progress = update?.progress_record;
  if (progress === undefined) return request;
  const steps = { ...progress.record.steps, [step]: entry };
  return { ...request, json: { progress_record: { ...progress, record: { ...progress.record, steps } } } as never };
}

/** What is told of a step that failed: how far it was is not certain. */
export const FAILED_STEP = { status: 'failed', proportion: '{any}', order: '{any}', percent: '{any}' };
