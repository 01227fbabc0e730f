import type { RequestRecord } from '../../actions/cases/action-vector.js';
import { withoutLines } from '../../actions/rules/rewriting.js';
import { checksumAt, contentAt } from './given-files.js';
import { looksForConfirmed } from './confirmed-files.js';
import { looksForLostFiles } from './lost-files.js';
import { isPlainUpload, uploadOf } from './presigned-upload.js';
import type { UploadVector } from '../cases/upload-vector.js';
import { repeatsParts, sendsWhatFailed } from './resending.js';
import {
  insertBefore,
  isUnits,
  leftOf,
  lookForFiles,
  lookForUnits,
  numbered,
  requestsOf,
  storedBy,
  unitsOf,
  withResult,
  withStep,
  withoutTelling,
  type Unit,
} from './rewriting.js';
import { deletion } from './undo-rules.js';
import type { Rewritten, UploadRule } from './upload-rule.js';

/** How files get to the backend. */
export const sendingRules: readonly UploadRule[] = [
  {
    id: 'equal-files-travel-once',
    defects: ['UA-01'],
    where: 'files of equal content are uploaded, and skip_local_duplicates is not off',
    sdk: 'hashes all files for it, and then sends every one',
    ours: 'sends one of them; each has its data unit, by the same checksum',
    why: 'it is what the param promises',
    rewrite(expect, vector) {
      const extra = vector.given.params['extra_params'] as Record<string, unknown> | undefined;
      if (extra?.['skip_local_duplicates'] === false || vector.given.faults.length > 0) return expect;
      if (!isPlainUpload(expect, vector)) return withEqualFormsOnce(expect);
      const sums = requestsOf(expect).flatMap(({ method, bytes }) => (method === 'PUT' && bytes ? [bytes.sha1] : []));
      if (new Set(sums).size === sums.length) return expect;
      const sent = uploadOf(expect, unitsOf(expect), { vector, sendsEqualOnce: true });
      return { ...expect, requests: sent['requests'], backend_after: sent['backend_after'] };
    },
  },
  {
    id: 'asks-what-is-there',
    defects: ['UA-01'],
    where: 'skip_existing_checksums is on',
    sdk: 'never asks the backend, and sends everything',
    ours: 'asks for the checksums of each batch, SHA-1 and MD5, and sends what is not there; groups that are there whole are left out if the collection has a data unit of them, and else become one',
    why: 'it is what the param promises',
    rewrite(expect, vector) {
      const extra = vector.given.params['extra_params'] as Record<string, unknown> | undefined;
      if (extra?.['skip_existing_checksums'] !== true || !isPlainUpload(expect, vector)) return expect;
      const paths = unitsOf(expect).flatMap(({ files }) => Object.values(files).map(({ path }) => path));
      const sums = (path: string): string[] => [checksumAt(vector, path, 'sha1'), checksumAt(vector, path, 'md5')];
      const known = new Set(vector.given.backend.known_checksums);
      const isThere = (unit: Unit): boolean =>
        Object.values(unit.files).every(({ path }) => sums(path).some((sum) => known.has(sum)));
      const missing = unitsOf(expect).filter((unit) => !isThere(unit));
      const sent = missing.length < unitsOf(expect).length ? withKnownUnits(expect, missing, vector) : expect;
      const question = lookForFiles([...new Set(paths.flatMap(sums))]);
      return {
        ...sent,
        requests: insertBefore(requestsOf(sent), 'POST /data_files/presigned_upload/upload/', [question]),
      };
    },
  },
  {
    id: 'no-shards',
    defects: [],
    where: 'upload_ray_workers is above 1',
    sdk: 'divides the files into so many parts, each with batches of its own, and warns that Ray is not there',
    ours: 'has one process that sends many files at once, so there is nothing to divide',
    why: 'Ray belongs to Python; the param is accepted for the sake of its jobs',
    rewrite(expect, vector) {
      if (Number(vector.given.params['upload_ray_workers'] ?? 1) <= 1 || vector.given.faults.length > 0) return expect;
      if (!requestsOf(expect).some(({ path }) => path.endsWith('/presigned_upload/upload/'))) return expect;
      const whole = uploadOf(expect, unitsOf(expect), { vector, sendsEqualOnce: true });
      return { ...withoutTelling(expect), requests: whole['requests'], backend_after: whole['backend_after'] };
    },
  },
  {
    id: 'repeats-parts',
    defects: ['UA-07'],
    where: 'the object store fails again and again to take a part of a file that is sent in parts',
    sdk: 'gives the file up when a part fails for the first time, though it repeats a file that is sent whole',
    ours: 'repeats the part as often as it repeats a file that is sent whole',
    why: 'the larger a file is, the dearer it is to send all of it again for a moment of trouble',
    rewrite: repeatsParts,
  },
  {
    id: 'sends-what-failed',
    defects: ['UA-07'],
    where: 'some files of a batch do not get to the object store, or are not confirmed',
    sdk: 'sends all files of the upload again through the backend; those that were confirmed stay there twice',
    ours: 'tries those that failed once more with new addresses (but for a refused confirmation), and then sends them, and only them, through the backend',
    why: 'one bad file must not double the work, nor leave copies that nobody needs',
    rewrite: sendsWhatFailed,
  },
  {
    id: 'looks-for-confirmed',
    defects: ['UA-06', 'W-18'],
    where: 'the answer to a confirmation is lost, or the backend fails in the middle of it',
    sdk: 'confirms again after 502 and 504, or sends all files again through the backend; what was stored is there twice',
    ours: 'asks which of the files the backend knows, and sends only the others',
    why: 'nothing is lost and nothing is stored twice',
    rewrite: looksForConfirmed,
  },
  {
    id: 'looks-for-lost-files',
    defects: ['UA-06', 'W-18'],
    where: 'the answer to a file is lost: the connection ends, or a proxy says 502 or 504',
    sdk: 'gives the file up after a hang-up, so that it may be there without a data unit, and sends it again after 502 and 504, so that it may be there twice',
    ours: 'asks whether the backend knows its checksum, and sends it again only if it does not',
    why: 'a lost answer is no lost file',
    rewrite: looksForLostFiles,
  },
  {
    id: 'no-orphans',
    defects: ['UA-08'],
    where: 'a file arrives, and another one of its group does not',
    sdk: 'leaves it on the backend, where no data unit will ever name it',
    ours: 'deletes it where the backend can, and else names it as left behind',
    why: 'storage that nobody knows of is never freed',
    rewrite(expect) {
      const used = new Set(
        unitsOf(expect).flatMap(({ files }) => Object.values(files).map(({ checksum }) => checksum)),
      );
      const orphans = (leftOf(expect).data_files ?? []).filter(({ checksum }) => !used.has(checksum));
      if (orphans.length === 0 || used.size === 0) return expect;
      const deletions = orphans.map(({ id }) => deletion(`/v2/data-files/${id}/`, 405));
      return { ...expect, requests: insertBefore(requestsOf(expect), 'POST /data_units/', deletions) };
    },
  },
  {
    id: 'left-out-is-not-lost',
    defects: ['UA-10'],
    where: 'an empty file of a specification that is not required is left out',
    sdk: 'leaves it out on purpose, and then reports it as lost and the upload as a partial failure',
    ours: 'reports it as left out',
    why: 'people look for what was lost',
    rewrite(expect, vector) {
      const all = (expect['result'] as { readonly lost_files?: readonly string[] } | undefined)?.lost_files ?? [];
      const lost = all.filter((path) => contentAt(vector, path).length > 0);
      if (lost.length === all.length) return expect;
      const facts = { partial_failure: lost.length > 0, lost_files_count: lost.length, lost_files: lost };
      const described = withStep(expect, 'upload_files', (step) => {
        const { uploaded_files: uploaded = 0 } = step.data ?? {};
        if (lost.length === 0) return { ...step, data: { uploaded_files: uploaded } };
        const isBrief = typeof step.data?.['lost_files'] === 'number';
        return {
          ...step,
          data: { ...step.data, lost_files_count: lost.length, lost_files: isBrief ? lost.length : lost },
        };
      });
      if (vector.detail === 'full') return withResult(withoutTelling(described), facts);
      return withResult(lost.length > 0 ? described : withoutLines(described, /PARTIAL_UPLOAD_LOSS/), facts);
    },
  },
];

/** Only these files are sent, and it is looked which of the others have a data unit: no collection of a vector has one. */
function withKnownUnits(expect: Rewritten, missing: readonly Unit[], vector: UploadVector): Rewritten {
  const [sent, whole] = [missing, unitsOf(expect)].map((units) =>
    uploadOf(expect, units, { vector, sendsEqualOnce: true, keepsOrganized: true }),
  ) as [Rewritten, Rewritten];
  const look = lookForUnits(vector);
  const query = (look.query ?? []).map(([name, value]): [string, string] => [
    name,
    name === 'page_size' ? '1000' : value,
  ]);
  const requests = [
    ...requestsOf(sent).filter((request) => !isUnits(request)),
    { ...look, query },
    ...requestsOf(whole).filter(isUnits),
  ];
  const { data_units = [] } = leftOf(whole);
  return { ...whole, requests, backend_after: { ...leftOf(sent), data_units } };
}

/** Files of equal content that went through the backend, each content once. */
function withEqualFormsOnce(expect: Rewritten): Rewritten {
  const requests = requestsOf(expect);
  const isTwin = ({ form }: RequestRecord, index: number): boolean =>
    form !== undefined && requests.slice(0, index).some((other) => other.form?.files[0]?.md5 === form.files[0]?.md5);
  const isWhole = requests.every(({ form, content_range: range }) => form === undefined || range === undefined);
  if (!isWhole || !requests.some(isTwin)) return expect;
  const once = requests.filter((request, index) => !isTwin(request, index));
  return {
    ...expect,
    requests: once,
    backend_after: { ...leftOf(expect), data_files: numbered(once.flatMap(storedBy)) },
  };
}
