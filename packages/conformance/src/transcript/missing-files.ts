import type { TranscriptEntry } from '@synapse-steps/bridge/transcript';

/** What to say of a replay that went wrong behind files, of which a transcript holds only the names; `undefined` without any. */
export function missingFiles(entries: readonly TranscriptEntry[]): string | undefined {
  for (const [index, entry] of entries.entries()) {
    const place = 'frame' in entry ? placeOfReference(entry.frame, '') : undefined;
    if (place === undefined) continue;
    return `entry ${index + 1} names a file of the exchange folder at ${place}: a transcript holds no files, so what depends on it cannot be replayed; record the run with smaller values`;
  }
  return undefined;
}

/** A key of a user that is `$file` is written with one more `$`, so that this is none. */
function placeOfReference(value: unknown, path: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, '$file')) return path;
  for (const [key, item] of Object.entries(value)) {
    const place = placeOfReference(item, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    if (place !== undefined) return place;
  }
  return undefined;
}
