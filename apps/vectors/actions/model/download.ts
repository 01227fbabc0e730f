import type { RequestRecord, RunGiven } from '../cases/action-vector.js';
import { triesOf } from '../rules/tries.js';

// Files that the backend serves, as they are downloaded.

/** After which answers a download is asked for again. */
const AGAIN: readonly number[] = [0, 408, 425, 429, 500, 502, 503, 504];

export function isDownload({ path }: RequestRecord): boolean {
  return path.startsWith('/_files/');
}

export function downloadTries(given: Pick<RunGiven, 'faults' | 'backend'>, path: string): RequestRecord[] {
  const isServed = given.backend.served_files?.[path.replace('/_files/', '')] !== undefined;
  return triesOf(given, { method: 'GET', path, good: isServed ? 200 : 404, again: AGAIN })
    .toSorted((one, other) => one.status - other.status)
    .map(({ status }): RequestRecord => ({ method: 'GET', path, auth: false, status, any_order: true }));
}

/** The same requests, but each file only once. */
export function onceEach(requests: readonly RequestRecord[]): RequestRecord[] {
  const seen = new Set<string>();
  return requests.filter((request) => {
    if (!isDownload(request) || request.status !== 200) return true;
    return !seen.has(request.path) && seen.add(request.path);
  });
}
