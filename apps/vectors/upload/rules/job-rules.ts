import type { LogRecord } from '../../actions/run/brief.js';
import { jobIsToldOfFailure } from '../../actions/rules/job-progress.js';
import { withLogs } from './rewriting.js';
import type { UploadRule } from './upload-rule.js';

/** What a job of the backend is told. */
export const jobRules: readonly UploadRule[] = [
  jobIsToldOfFailure,
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
