import { wildcard } from '../../../../test-fixtures/backend/fault.js';
import type { RequestRecord } from '../../actions/cases/action-vector.js';
import type { UploadVector } from '../cases/upload-vector.js';
import { orderRequests } from '../../actions/run/request-order.js';
import { isTo, isUnits, leftOf, numbered, requestsOf, storedBy, unitsOf, withUnits, type Unit } from './rewriting.js';
import type { Rewritten } from './upload-rule.js';

const PRESIGN = 'POST /data_files/presigned_upload/upload/';
const CONFIRM = 'POST /data_files/presigned_upload/confirm_upload/';

/**
 * The SDK sends all again through the backend when anything goes wrong on the way to the object store; ours what failed: once
 * more with new addresses, unless it was the confirmation that was refused, and then through the backend.
 */
export function sendsWhatFailed(expect: Rewritten, vector: UploadVector): Rewritten {
  const requests = requestsOf(expect);
  const isForm = (request: RequestRecord): boolean => isTo(request, 'POST /data_files/');
  const last = requests.findLastIndex((request) => isTo(request, CONFIRM) || isPut(request));
  const isAnswered = requests.every((request) => !isTo(request, CONFIRM) || request.status === 200);
  if (last < 0 || !isAnswered || requests.findIndex(isForm) < last) return expect;
  const before = requests.slice(0, last + 1);
  const { failed, refused, arrived } = fatesOf(before, vector);
  const late = new Set([...failed, ...refused].map(nameOf));
  const forms = requests.filter((request) => isForm(request) && late.has(String(request.form?.files[0]?.filename)));
  const sent = [...before, ...retried(before, failed), ...forms, ...requests.filter(isUnits)];
  const direct = arrived.map(({ file_key: file, checksum, size }) => ({ file, checksum, size }));
  const data_files = numbered([...direct, ...forms.flatMap(storedBy)]);
  const checksums = new Map(direct.map(({ file, checksum }) => [file.slice(KEY_LENGTH), checksum]));
  const units = unitsOf(expect).map((unit) => withChecksums(unit, checksums));
  const backend_after = { ...leftOf(expect), data_files };
  return withUnits({ ...expect, requests: orderRequests(sent), backend_after }, units);
}

/** An object's key is a number and the name of the file: `0001-a.jpg`. */
const KEY_LENGTH = 5;

function isPut({ method, path }: RequestRecord): boolean {
  return method === 'PUT' && path.startsWith('/_storage/');
}

function keyOf(path: string): string {
  return path.replace('/_storage/', '');
}

function nameOf(path: string): string {
  return keyOf(path).slice(KEY_LENGTH);
}

/** How often ours sends a part of an object that the store fails to take: as often as a whole one. */
const TRIES = 3;

/** Each part that fails for good, as often as ours tries it: at the first addresses, and at the second ones. */
export function repeatsParts(expect: Rewritten, { given }: UploadVector): Rewritten {
  const isForGood = given.faults.some(
    ({ method, path, status = 0, times = 1 }) =>
      method === 'PUT' && path.startsWith('/_storage/') && status >= 500 && times >= 2 * TRIES,
  );
  if (!isForGood || given.backend.multipart_over === undefined) return expect;
  const requests = requestsOf(expect).flatMap((request) => {
    const isPart = isPut(request) && request.query?.some(([name]) => name === 'part') === true;
    return isPart && request.status >= 500 ? Array.from({ length: TRIES }, () => request) : [request];
  });
  return { ...expect, requests };
}

interface Fates {
  /** Paths of objects that did not get there. */
  readonly failed: readonly string[];
  /** Those that the backend did not confirm. */
  readonly refused: readonly string[];
  readonly arrived: readonly ConfirmedFile[];
}

interface ConfirmedFile {
  readonly file_key: string;
  readonly checksum: string;
  readonly size: number;
}

function fatesOf(requests: readonly RequestRecord[], { given }: UploadVector): Fates {
  // Only of files that are whole, in one or in parts, a confirmation is asked.
  const whole = requests
    .filter((request) => isTo(request, CONFIRM))
    .flatMap(({ json }) => (json as unknown as { readonly files: readonly ConfirmedFile[] }).files);
  const patterns = (given.backend.confirm_refuses ?? []).map(wildcard);
  const isRefused = (key: string): boolean => patterns.some((pattern) => pattern.test(key));
  const paths = [...new Set(requests.filter(isPut).map(({ path }) => path))];
  const isWhole = (path: string): boolean => whole.some(({ file_key: key }) => key === keyOf(path));
  return {
    failed: paths.filter((path) => !isWhole(path)),
    refused: paths.filter((path) => isWhole(path) && isRefused(keyOf(path))),
    arrived: whole.filter(({ file_key: key }) => !isRefused(key)),
  };
}

/** The second try of those that failed: new addresses, and the same trouble as before. */
function retried(requests: readonly RequestRecord[], failed: readonly string[]): RequestRecord[] {
  const presign = requests.find((request) => isTo(request, PRESIGN));
  if (failed.length === 0 || presign === undefined) return [];
  const asked = presign.json as { files: { filename: string }[] };
  const objects = new Set(requests.filter(isPut).map(({ path }) => path)).size;
  const puts = failed.flatMap((path, index) => {
    const key = `${String(objects + index + 1).padStart(KEY_LENGTH - 1, '0')}-${nameOf(path)}`;
    return requests.filter((put) => put.path === path).map((put) => ({ ...put, path: `/_storage/${key}` }));
  });
  const files = failed.map((path) => asked.files.find(({ filename }) => filename === nameOf(path)) ?? {});
  return [{ ...presign, json: { ...asked, files } }, ...puts];
}

function withChecksums(unit: Unit, checksums: ReadonlyMap<string, string>): Unit {
  const files = Object.entries(unit.files).map(([spec, file]) => {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    return [spec, { ...file, checksum: checksums.get(name) ?? file.checksum }] as const;
  });
  return { ...unit, files: Object.fromEntries(files) };
}
