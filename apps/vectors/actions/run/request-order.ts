import type { RequestRecord } from '../cases/action-vector.js';

/** What may be sent at once: objects, downloads, and what an undo deletes. */
const AT_ONCE = /^(?:\w+ \/_(?:storage|files)\/|DELETE \/v2\/data-\w+\/)/;

/**
 * Requests as the vectors list them: those that are sent at once (to the storage, downloads, deletions) are marked and sorted
 * within their place, and the list in a confirm request is sorted by key.
 */
export function orderRequests(requests: readonly RequestRecord[]): RequestRecord[] {
  const ordered: RequestRecord[] = [];
  const atOnce: RequestRecord[] = [];
  let kind: string | undefined;
  for (const request of requests) {
    const next = AT_ONCE.exec(`${request.method} ${request.path}`)?.[0];
    if (next !== kind) ordered.push(...atOnce.splice(0).toSorted(byAddress));
    kind = next;
    if (next === undefined) ordered.push(withSortedConfirm(request));
    else atOnce.push({ ...request, any_order: true });
  }
  return [...ordered, ...atOnce.toSorted(byAddress)];
}

function withSortedConfirm(request: RequestRecord): RequestRecord {
  if (!request.path.endsWith('/confirm_upload/') || request.json === undefined) return request;
  const body = request.json as { files: { file_key: string }[] };
  return { ...request, json: { ...body, files: body.files.toSorted((a, b) => compare(a.file_key, b.file_key)) } };
}

function byAddress(a: RequestRecord, b: RequestRecord): number {
  return compare(addressOf(a), addressOf(b)) || a.status - b.status;
}

function addressOf({ path, query = [] }: RequestRecord): string {
  return `${path}\n${JSON.stringify(query)}`;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
