import { createHash } from 'node:crypto';

import type { BackendClient } from '@synapse-steps/backend';
import type { GroundTruthEvent } from '@synapse-steps/backend/api';

// What tells that data is what it was at an earlier download. An address is no such thing: its query may be a signature, its
// host one of many that serve the same files, its port that of an embedded backend which began anew. What lasts is its path.

/** A client of which nobody need say where it is. */
export type DownloadClient = Pick<BackendClient, 'downloads' | 'groundTruthEvents'> &
  Partial<Pick<BackendClient, 'host'>>;

/** Tells a backend from others, which may well have other data of the same ids; on this machine they have other ports each time. */
export function backendIdentity({ host = '' }: Pick<DownloadClient, 'host'>): string {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  return url === undefined || isThisMachine(url.hostname) ? '' : `${url.host}${url.pathname}`.replace(/\/+$/u, '');
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/u.test(hostname);
}

type GroundTruthFile = NonNullable<GroundTruthEvent['files']>[string];

/** What lasts of a file: where it is, without host, port and query, and its checksum, where the backend says one. */
export function fileIdentity({ url, checksum }: GroundTruthFile): readonly [path: string, checksum: string | null] {
  const path = URL.canParse(url) ? new URL(url).pathname : (url.split('?')[0] ?? '');
  return [path, typeof checksum === 'string' ? checksum : null];
}

/** Names one file of one event, whenever it is listed. */
export function eventFileKey(
  event: GroundTruthEvent,
  { backend, key }: { readonly backend: string; readonly key: string },
): string {
  const file = event.files?.[key];
  // An event without an id can only be told by the address.
  const identity =
    event.id === undefined || file === undefined ? [file?.url ?? null] : [event.id, key, ...fileIdentity(file)];
  return createHash('md5')
    .update(JSON.stringify([backend, ...identity]))
    .digest('hex');
}
