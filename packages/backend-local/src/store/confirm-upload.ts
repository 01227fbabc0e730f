import type { Content } from './running-digest.js';
import { addDataFile } from './data-files.js';
import type { Objects, StoredObject } from './objects.js';
import type { Store } from './open-store.js';

/** What a client says that it has sent. */
export interface SentFile {
  readonly file_key: string;
  readonly checksum: string;
  readonly size: number;
  readonly multipart?: SentParts | undefined;
}

interface SentParts {
  readonly upload_id: string;
  readonly parts: readonly { readonly part_number: number; readonly etag: string }[];
}

export interface ConfirmResult {
  readonly file_key: string;
  readonly checksum: string;
  readonly data_file_id: number | null;
  readonly success: boolean;
  readonly error: string | null;
}

/** Makes a data file of what was sent, if it is what was said. A second time gives the same data file. */
export async function confirmUpload(store: Store, objects: Objects, sent: SentFile): Promise<ConfirmResult> {
  const { file_key: key, checksum } = sent;
  const result = await confirm(store, objects, sent);
  if (typeof result === 'number') return { file_key: key, checksum, data_file_id: result, success: true, error: null };
  return { file_key: key, checksum, data_file_id: null, success: false, error: result };
}

/** The id of the data file, or why there is none. */
async function confirm(store: Store, objects: Objects, sent: SentFile): Promise<number | string> {
  const { database } = store;
  const find = (): StoredObject | undefined =>
    database.get<StoredObject>('SELECT * FROM objects WHERE key = ?', sent.file_key);
  const object = find();
  if (object === undefined) return 'Nothing was reserved under this key, or its time is over.';
  if (object.data_file !== null) return object.data_file;
  const wrongParts = object.upload_id === null ? undefined : whatIsWrongWith(sent.multipart, object, objects);
  if (wrongParts !== undefined) return wrongParts;
  const content = await objects.contentOf(object);
  if (content === undefined) {
    return object.upload_id === null
      ? 'Nothing has been uploaded to this key.'
      : 'A part of this upload is still on its way.';
  }
  const difference = differenceOf(sent, content);
  if (difference !== undefined) return difference;
  return await database.write(() => {
    const now = find();
    if (now === undefined) return 'This upload was deleted meanwhile.';
    if (now.data_file !== null) return now.data_file; // the same confirmation, sent twice at once
    if (now.content !== content.sha256) return 'This object was replaced meanwhile.';
    const { id } = addDataFile(database, { name: now.filename, checksum: sent.checksum, content: content.sha256 });
    database.run('UPDATE objects SET data_file = ?, content = NULL WHERE key = ?', id, sent.file_key);
    return id;
  });
}

function differenceOf({ checksum, size }: SentFile, content: Content): string | undefined {
  if (size !== content.size) return `${content.size} bytes have come, not ${size}.`;
  const hex = checksum.toLowerCase();
  if (hex === content.sha1 || hex === content.md5 || hex === content.sha256) return undefined;
  return `The bytes that have come have the SHA-1 ${content.sha1}, not ${checksum}.`;
}

function whatIsWrongWith(multipart: SentParts | undefined, object: StoredObject, objects: Objects): string | undefined {
  if (multipart === undefined) return 'This upload is in parts: say which, with their ETags.';
  if (multipart.upload_id !== object.upload_id) return `There is no upload ${multipart.upload_id} for this key.`;
  const sent = new Map(multipart.parts.map(({ part_number: number, etag }) => [number, etag.replaceAll('"', '')]));
  const stored = objects.parts(object.key);
  const count = Math.ceil(object.total / (object.part_size ?? object.total));
  for (let number = 1; number <= count; number += 1) {
    const part = stored.find((candidate) => candidate.number === number);
    if (part === undefined) return `Part ${number} of ${count} has not come.`;
    if (sent.get(number) !== part.etag)
      return `Part ${number} has the ETag ${part.etag}, not ${sent.get(number) ?? 'none'}.`;
  }
  return undefined;
}
