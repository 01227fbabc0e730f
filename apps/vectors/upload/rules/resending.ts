import type { RequestRecord, UploadVector } from '../cases/upload-vector.js';
import { orderRequests } from '../run/request-order.js';
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
  const direct = arrived.map(({ path, bytes }) => ({
    file: keyOf(path),
    checksum: bytes?.sha1 ?? '',
    size: bytes?.size ?? 0,
  }));
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

interface Fates {
  /** Paths of objects that did not get there. */
  readonly failed: readonly string[];
  /** Those that the backend did not confirm. */
  readonly refused: readonly string[];
  readonly arrived: readonly RequestRecord[];
}

function fatesOf(requests: readonly RequestRecord[], { given }: UploadVector): Fates {
  const puts = requests.filter(isPut);
  const done = puts.filter(({ status }) => status === 200);
  const patterns = (given.backend.confirm_refuses ?? []).map(patternOf);
  const isRefused = ({ path }: RequestRecord): boolean => patterns.some((pattern) => pattern.test(keyOf(path)));
  const paths = [...new Set(puts.map(({ path }) => path))];
  return {
    failed: paths.filter((one) => !done.some(({ path }) => path === one)),
    refused: done.filter(isRefused).map(({ path }) => path),
    arrived: done.filter((put) => !isRefused(put)),
  };
}

function patternOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`);
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
