import type { RequestRecord } from '../../actions/cases/action-vector.js';
import type { UploadVector } from '../cases/upload-vector.js';
import { isTo, leftOf, lookForFiles, looksAfter, requestsOf } from './rewriting.js';
import type { Rewritten } from './upload-rule.js';

const LOST = new Set([0, 500, 502, 504]);

/** After a confirmation without an answer ours asks what is there; the SDK confirms again, or sends all another way. */
export function looksForConfirmed(expect: Rewritten, vector: UploadVector): Rewritten {
  const requests = requestsOf(expect);
  const lost = requests.find((request) => isConfirm(request) && LOST.has(request.status));
  if (lost === undefined) return expect;
  const { files } = lost.json as { files: { file_key: string; checksum: string; size: number }[] };
  const wasDone = vector.given.faults.some(({ path, after }) => path.includes('confirm_upload') && after === true);
  const question = lookForFiles(files.map(({ checksum }) => checksum));
  const looks = Array.from({ length: looksAfter(lost.status, wasDone) }, () => question);
  const place = requests.indexOf(lost) + 1;
  const rest = requests.slice(place);
  if (!wasDone) return { ...expect, requests: [...requests.slice(0, place), ...looks, ...rest] };
  const isNeeded = (request: RequestRecord): boolean => !isConfirm(request) && request.form === undefined;
  const stored = (leftOf(expect).data_files ?? []).slice(0, files.length);
  return {
    ...expect,
    requests: [...requests.slice(0, place), ...looks, ...rest.filter(isNeeded)],
    backend_after: { ...leftOf(expect), data_files: stored },
  };
}

function isConfirm(request: RequestRecord): boolean {
  return isTo(request, 'POST /data_files/presigned_upload/confirm_upload/');
}
