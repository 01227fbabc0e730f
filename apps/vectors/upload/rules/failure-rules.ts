import type { RequestRecord } from '../../actions/cases/action-vector.js';
import { isTo, isUnits, lookForFiles, lookForUnits, requestsOf } from './rewriting.js';
import type { UploadRule } from './upload-rule.js';

const MAYBE_DONE = new Set([408, 425, 429, 500, 503]);

/** What an answer that only says that something failed is worth. */
export const failureRules: readonly UploadRule[] = [
  {
    id: 'looks-after-a-failure',
    defects: ['W-18'],
    where: 'the backend says that new data units, or a file, failed (500), or that it is busy (503, 429)',
    sdk: 'takes that for nothing done, sends data units again, and a file after 503; what was stored before it failed is there twice, or without a data unit',
    ours: 'looks whether it was done; what is there is taken, and only what is not is sent again, where the SDK does so, too',
    why: 'a failure may come after the work, and nothing may be stored twice or be forgotten',
    rewrite(expect, vector) {
      const lookAfter = (request: RequestRecord): RequestRecord[] => {
        if (!MAYBE_DONE.has(request.status)) return [];
        if (isUnits(request)) return [lookForUnits(vector)];
        const md5 = isTo(request, 'POST /data_files/') ? request.form?.files[0]?.md5 : undefined;
        return md5 === undefined ? [] : [lookForFiles([md5])];
      };
      return { ...expect, requests: requestsOf(expect).flatMap((request) => [request, ...lookAfter(request)]) };
    },
  },
];
