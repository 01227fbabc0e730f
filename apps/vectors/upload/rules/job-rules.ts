import type { RequestRecord } from '../../actions/cases/action-vector.js';
import type { LogRecord } from '../../actions/run/brief.js';
import { requestsOf, stepsOf, withLogs } from './rewriting.js';
import type { UploadRule } from './upload-rule.js';

/** What a job of the backend is told. */
export const jobRules: readonly UploadRule[] = [
  {
    id: 'job-is-told-of-failure',
    defects: ['W-20'],
    where: 'a step fails in a job',
    sdk: 'leaves the step in the progress record as it was',
    ours: 'says in the progress record that the step failed, and how far it was',
    why: 'the backend shows what it is told',
    rewrite(expect, { given }) {
      const failed = stepsOf(expect).find(({ outcome }) => outcome === 'failed')?.name;
      if (given.logger !== 'job' || failed === undefined) return expect;
      return { ...expect, requests: requestsOf(expect).map((request) => withUnknownStep(request, failed)) };
    },
  },
  {
    id: 'no-ray-job',
    defects: [],
    where: 'the import report of a job says which job of Ray it was',
    sdk: 'repeats the id of the job there',
    ours: 'says null',
    why: 'there is no Ray here',
    rewrite: (expect) =>
      withLogs(expect, (line) => {
        const { event, data } = line as LogRecord;
        return event === 'import_result_admin'
          ? { ...(line as LogRecord), data: { ...(data as object), ray_job_id: null } }
          : line;
      }),
  },
];

function withUnknownStep(request: RequestRecord, step: string): RequestRecord {
  const update = request.json as { progress_record?: { record: { steps: object } } } | undefined;
  const progress = update?.progress_record;
  if (progress === undefined) return request;
  const steps = {
    ...progress.record.steps,
    [step]: { status: 'failed', proportion: '{any}', order: '{any}', percent: '{any}' },
  };
  return { ...request, json: { progress_record: { ...progress, record: { ...progress.record, steps } } } };
}
