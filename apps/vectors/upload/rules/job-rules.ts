import type { LogRecord } from '../../actions/run/brief.js';
import { requestsOf, stepsOf, withLogs } from './rewriting.js';
import { FAILED_STEP, withStepProgress } from '../../actions/rules/job-progress.js';
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
      return {
        ...expect,
        requests: requestsOf(expect).map((request) => withStepProgress(request, failed, FAILED_STEP)),
      };
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
