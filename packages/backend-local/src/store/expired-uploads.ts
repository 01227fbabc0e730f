import type { Database } from './database.js';
import type { Store } from './open-store.js';

/** Whoever began an upload has this long, after its last sign of life, to come back to it. */
const GRACE_MS = 24 * 60 * 60 * 1000;

/**
 * Forgets uploads that nobody came back for: presigned ones that were not confirmed, chunks that were not finished or not
 * used. Their bytes go, too.
 */
export async function forgetExpiredUploads({ database, contents }: Store, now: Date): Promise<void> {
  const before = new Date(now.getTime() - GRACE_MS).toISOString();
  let partials: readonly string[] = [];
  await contents.release(() => {
    const gone = [...forget(database, OBJECTS, before), ...forget(database, CHUNKED_UPLOADS, before)];
    partials = gone.flatMap(({ partial }) => partial ?? []);
    return gone.flatMap(({ content }) => content ?? []);
  });
  for (const partial of partials) contents.discard(partial);
}

interface Gone {
  readonly partial: string | null;
  readonly content: string | null;
}

function forget(database: Database, which: string, before: string): Gone[] {
  const gone = database.all<Gone>(`SELECT partial, content FROM ${which}`, before);
  if (gone.length > 0) database.run(`DELETE FROM ${which}`, before);
  return gone;
}

const OBJECTS = 'objects WHERE data_file IS NULL AND expires_at < ?';
const CHUNKED_UPLOADS = 'chunked_uploads WHERE data_file IS NULL AND model IS NULL AND touched_at < ?';
