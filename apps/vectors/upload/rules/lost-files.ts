import type { RequestRecord } from '../../actions/cases/action-vector.js';
import type { UploadVector } from '../cases/upload-vector.js';
import {
  idsFrom,
  isTo,
  isUnits,
  leftOf,
  lookForFiles,
  looksAfter,
  numbered,
  organizedOf,
  requestsOf,
  storedBy,
  unitsOf,
  withCounts,
  withoutTelling,
  type Unit,
} from './rewriting.js';
import type { Rewritten } from './upload-rule.js';

const UNKNOWN = new Set([0, 502, 504]);

/**
 * The SDK gives up a file when the connection ends, and sends it again when a proxy says 502 or 504; ours asks whether it is
 * there, and sends it again only if not.
 */
export function looksForLostFiles(expect: Rewritten, vector: UploadVector): Rewritten {
  const requests = requestsOf(expect);
  const lost = requests.find((request) => isForm(request) && UNKNOWN.has(request.status));
  const uploaded = (expect['result'] as { readonly uploaded_files?: number } | undefined)?.uploaded_files;
  if (lost === undefined || uploaded === undefined) return expect;
  const given = lost.status === 0 ? unitOf(lost, expect) : undefined;
  if (lost.status === 0 && given === undefined) return expect;
  const wasStored = vector.given.faults.some(({ path, after }) => path === '/data_files/' && after === true);
  const md5 = lost.form?.files[0]?.md5 ?? '';
  const looks = Array.from({ length: looksAfter(lost.status, wasStored) }, () => lookForFiles([md5]));
  const place = requests.indexOf(lost) + 1;
  const isRepeat = (request: RequestRecord): boolean => isForm(request) && request.form?.files[0]?.md5 === md5;
  const rest = requests.slice(place).filter((request) => !isRepeat(request));
  const sent = [...requests.slice(0, place), ...looks, ...(wasStored ? [] : [{ ...lost, status: 201 }]), ...rest];
  const units = [...unitsOf(expect), ...(given ? [given] : [])].toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
  const isStored = (request: RequestRecord): boolean =>
    isForm(request) && (request.status === 201 || (wasStored && request === lost));
  const left = {
    ...leftOf(expect),
    data_files: numbered(sent.filter(isStored).flatMap(storedBy)),
    data_units: idsFrom(501, units.length),
  };
  const told = sent.map((request) => (isUnits(request) ? { ...request, json: units as never } : request));
  return withCounts({ ...withoutTelling(expect), requests: told, backend_after: left }, units.length);
}

function isForm(request: RequestRecord): boolean {
  return isTo(request, 'POST /data_files/') && request.form !== undefined;
}

/** The group of the file that a request brought, where it is a group of one. */
function unitOf({ form }: RequestRecord, expect: Rewritten): Unit | undefined {
  const [file] = form?.files ?? [];
  const group = organizedOf(expect).find((one) =>
    Object.values(one).some((path) => path.endsWith(`/${file?.filename}`)),
  );
  const [found, second] = Object.entries(group ?? {});
  if (file === undefined || found === undefined || second !== undefined) return undefined;
  const [spec, path] = found;
  const { data_collection } = unitsOf(expect)[0] ?? {};
  return { data_collection, files: { [spec]: { checksum: file.md5, path } }, meta: '{any}' };
}

function pathOf({ files }: Unit): string {
  return Object.values(files)[0]?.path ?? '';
}
