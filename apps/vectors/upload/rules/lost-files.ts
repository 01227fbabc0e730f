import type { RequestRecord, UploadVector } from '../cases/upload-vector.js';
import {
  idsFrom,
  isTo,
  isUnits,
  leftOf,
  numbered,
  requestsOf,
  stepsOf,
  storedBy,
  unitsOf,
  withCounts,
  withoutTelling,
  type Unit,
} from './rewriting.js';
import type { Rewritten } from './upload-rule.js';

/** The SDK gives up a file when the connection ends; ours asks whether it is there, and sends it again if not. */
export function looksForLostFiles(expect: Rewritten, vector: UploadVector): Rewritten {
  const requests = requestsOf(expect);
  const lost = requests.find((request) => isForm(request) && request.status === 0);
  const uploaded = (expect['result'] as { readonly uploaded_files?: number } | undefined)?.uploaded_files;
  const unit = lost && unitOf(lost, expect);
  if (lost === undefined || unit === undefined || uploaded === undefined) return expect;
  const wasStored = vector.given.faults.some(({ path, after }) => path === '/data_files/' && after === true);
  const place = requests.indexOf(lost) + 1;
  const more = [lookFor(lost), ...(wasStored ? [] : [{ ...lost, status: 201 }])];
  const sent = [...requests.slice(0, place), ...more, ...requests.slice(place)];
  const units = [...unitsOf(expect), unit].toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
  const stored = sent.filter(
    (request) => isForm(request) && (request.status === 201 || (wasStored && request === lost)),
  );
  const left = {
    ...leftOf(expect),
    data_files: numbered(stored.flatMap(storedBy)),
    data_units: idsFrom(501, units.length),
  };
  const told = sent.map((request) => (isUnits(request) ? { ...request, json: units as never } : request));
  return withCounts({ ...withoutTelling(expect), requests: told, backend_after: left }, uploaded + 1);
}

function isForm(request: RequestRecord): boolean {
  return isTo(request, 'POST /data_files/') && request.form !== undefined;
}

function lookFor({ form }: RequestRecord): RequestRecord {
  return {
    method: 'POST',
    path: '/data_files/verify_checksums/',
    content_type: 'application/json',
    json: { checksums: [form?.files[0]?.md5 ?? ''] },
    status: 200,
  };
}

/** The group of the file that a request brought, where it is a group of one. */
function unitOf({ form }: RequestRecord, expect: Rewritten): Unit | undefined {
  const [file] = form?.files ?? [];
  const organized = stepsOf(expect).find(({ name }) => name === 'organize_files')?.data?.['organized_files'];
  const groups = (organized ?? []) as unknown as readonly Readonly<Record<string, string>>[];
  const group = groups.find((one) => Object.values(one).some((path) => path.endsWith(`/${file?.filename}`)));
  const [found, second] = Object.entries(group ?? {});
  if (file === undefined || found === undefined || second !== undefined) return undefined;
  const [spec, path] = found;
  const { data_collection } = unitsOf(expect)[0] ?? {};
  return { data_collection, files: { [spec]: { checksum: file.md5, path } }, meta: '{any}' };
}

function pathOf({ files }: Unit): string {
  return Object.values(files)[0]?.path ?? '';
}
