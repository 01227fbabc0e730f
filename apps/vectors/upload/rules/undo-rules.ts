import type { RequestRecord } from '../../actions/cases/action-vector.js';
import type { LogRecord } from '../../actions/run/brief.js';
import { isBrief, leftOf, lookForUnits, requestsOf, stepsOf, withLogs } from './rewriting.js';
import type { Rewritten, UploadRule } from './upload-rule.js';

/** Which step each line about an undo belongs to. */
const UNDONE_STEP: Readonly<Record<string, string>> = {
  ROLLBACK_INITIALIZATION: 'initialize',
  ROLLBACK_COLLECTION_ANALYSIS: 'analyze_collection',
  ROLLBACK_FILE_ORGANIZATION: 'organize_files',
  ROLLBACK_FILE_VALIDATION: 'validate_files',
  ROLLBACK_FILE_UPLOADS: 'upload_files',
  ROLLBACK_DATA_UNIT_GENERATION: 'generate_data_units',
  ROLLBACK_CLEANUP: 'cleanup',
};

/** What a run that fails takes back, and how it says so. */
export const undoRules: readonly UploadRule[] = [
  {
    id: 'real-undo',
    defects: ['W-09'],
    where: 'a run fails after files or data units got to the backend',
    sdk: 'logs that it rolls back, and sends no request: everything stays',
    ours: 'deletes its data units and data files by API v2, 404 counting as done; what the backend does not delete (as here: 405 for data files) is named as left behind, and the undo is irreversible',
    why: 'a failed upload must not leave half of itself behind in silence',
    rewrite(expect, vector) {
      const { data_files: files = [], data_units: units = [], ...rest } = leftOf(expect);
      if (expect['raised'] === undefined || files.length + units.length === 0) return expect;
      return {
        ...expect,
        requests: [
          ...requestsOf(expect),
          ...(units.length > 0 && areUnitsUnknown(expect) ? [lookForUnits(vector)] : []),
          ...sortedByPath(units.map((id) => deletion(`/v2/data-units/${id}/`, 204))),
          ...sortedByPath(files.map(({ id }) => deletion(`/v2/data-files/${id}/`, 405))),
        ],
        backend_after: { ...rest, ...(files.length > 0 && { data_files: files }) },
      };
    },
  },
  {
    id: 'step-being-undone',
    defects: ['W-35'],
    where: 'the undo of a step writes a line of the log',
    sdk: 'books it under the step that failed',
    ours: 'books it under the step that is being undone',
    why: 'otherwise the log says that another step did it',
    rewrite: (expect) => withLogs(expect, withOwnStep),
  },
];

/** The backend has them, and has not told their ids. */
function areUnitsUnknown(expect: Rewritten): boolean {
  return stepsOf(expect).some(({ name, outcome }) => name === 'generate_data_units' && outcome === 'failed');
}

export function deletion(path: string, status: number): RequestRecord {
  return { method: 'DELETE', path, status, any_order: true };
}

function sortedByPath(deletions: readonly RequestRecord[]): RequestRecord[] {
  return deletions.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function withOwnStep(entry: unknown): unknown {
  if (isBrief(entry)) return [UNDONE_STEP[String(entry[2])] ?? entry[0], ...entry.slice(1)];
  const line = entry as LogRecord;
  return { ...line, step: UNDONE_STEP[line.event] ?? line.step };
}
