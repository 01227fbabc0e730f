import { basename } from 'node:path/posix';
import type { RequestRecord } from '../../actions/cases/action-vector.js';
import type { UploadVector } from '../cases/upload-vector.js';
import { contentAt, checksumAt } from './given-files.js';
import { idsFrom, isTo, leftOf, requestsOf, withCounts, withStep, withoutTelling, type Unit } from './rewriting.js';
import type { Rewritten } from './upload-rule.js';

const PRESIGN = '/data_files/presigned_upload/upload/';

/** Whether files go straight to the object store, in one batch and without anything going wrong. */
export function isPlainUpload(expect: Rewritten, { given }: UploadVector): boolean {
  const asks = requestsOf(expect).filter((request) => isTo(request, `POST ${PRESIGN}`));
  return given.faults.length === 0 && asks.length === 1 && asks[0]?.status === 200 && expect['raised'] === undefined;
}

export interface UploadOfOptions {
  readonly vector: UploadVector;
  readonly sendsEqualOnce: boolean;
  /** The other groups were found all the same. */
  readonly keepsOrganized?: boolean;
}

/** The same upload of other groups; files of equal content travel once, if wanted. */
export function uploadOf(expect: Rewritten, units: readonly Unit[], options: UploadOfOptions): Rewritten {
  const { vector, sendsEqualOnce, keepsOrganized = false } = options;
  const requests = requestsOf(expect);
  const start = requests.findIndex((request) => isTo(request, `POST ${PRESIGN}`));
  const files = filesOf(units, vector, sendsEqualOnce);
  const objects = files.map(({ name }, index) => `${String(index + 1).padStart(4, '0')}-${name}`);
  const stored = files.map(({ checksum, size }, index) => ({ file_key: objects[index] ?? '', checksum, size }));
  const left = {
    ...leftOf(expect),
    data_files: stored.map(({ file_key: file, ...rest }, index) => ({ id: 101 + index, file, ...rest })),
    data_units: idsFrom(501, units.length),
    objects,
  };
  const sent = [...presigned(files, objects), confirmed(stored), ...made(units, batchSizeOf(vector))];
  const counted = withCounts(expect, units.length);
  const organized = units.map((unit) =>
    Object.fromEntries(Object.entries(unit.files).map(([spec, { path }]) => [spec, path])),
  );
  const isFull = vector.detail === 'full';
  const described = withStep(counted, 'organize_files', (step) => ({
    ...step,
    data: isFull ? {} : { organized_files: organized },
  }));
  const withStatistics = keepsOrganized
    ? counted
    : withStep(described, 'cleanup', (step) => {
        const statistics = { ...(step.data?.['statistics'] as object), organized_files: units.length };
        return { ...step, data: { ...step.data, statistics } };
      });
  return { ...withoutTelling(withStatistics), requests: [...requests.slice(0, start), ...sent], backend_after: left };
}

interface SentFile {
  readonly name: string;
  readonly checksum: string;
  readonly size: number;
}

function filesOf(units: readonly Unit[], vector: UploadVector, sendsEqualOnce: boolean): SentFile[] {
  const files = units
    .flatMap((unit) => Object.values(unit.files))
    .map(({ path }) => {
      const size = contentAt(vector, path).length;
      return { name: basename(path), checksum: checksumAt(vector, path, 'sha1'), size };
    });
  if (!sendsEqualOnce) return files;
  return files.filter(({ checksum }, index) => files.findIndex((file) => file.checksum === checksum) === index);
}

const JSON_REQUEST = { method: 'POST', content_type: 'application/json', status: 200 } as const;

function presigned(files: readonly SentFile[], objects: readonly string[]): RequestRecord[] {
  const asked = files.map(({ name, size }) => ({ filename: name, size, content_type: '{any}' }));
  const puts = files.map(({ checksum, size }, index): RequestRecord => ({
    method: 'PUT',
    path: `/_storage/${objects[index]}`,
    query: [['signature', 's']],
    auth: false,
    bytes: { size, sha1: checksum },
    content_type: '{any}',
    status: 200,
    any_order: true,
  }));
  return [{ ...JSON_REQUEST, path: PRESIGN, json: { files: asked, expiration: 3600 } }, ...puts];
}

function confirmed(files: readonly object[]): RequestRecord {
  return { ...JSON_REQUEST, path: '/data_files/presigned_upload/confirm_upload/', json: { files } as never };
}

function made(units: readonly Unit[], size: number): RequestRecord[] {
  const batches: RequestRecord[] = [];
  for (let from = 0; from < units.length; from += size) {
    const json = units.slice(from, from + size) as never;
    batches.push({ ...JSON_REQUEST, path: '/data_units/', json, status: 201 });
  }
  return batches;
}

function batchSizeOf({ given: { params } }: UploadVector): number {
  const extra = params['extra_params'] as Readonly<Record<string, unknown>> | undefined;
  return Number(extra?.['creating_data_unit_batch_size'] ?? params['creating_data_unit_batch_size'] ?? 200);
}
