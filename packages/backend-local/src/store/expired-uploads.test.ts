import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { ChunkedUploads } from './chunked-uploads.js';
import { confirmUpload } from './confirm-upload.js';
import { forgetExpiredUploads } from './expired-uploads.js';
import { Objects } from './objects.js';
import { openStore } from './open-store.js';

const HOUR = 60 * 60 * 1000;

it('drops what nobody came back for after a day, with its bytes, and nothing else', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'expired-'));
  const store = openStore({ dir });
  onTestFinished(() => {
    store.close();
    rmSync(dir, { recursive: true });
  });
  const objects = new Objects(store);
  const chunks = new ChunkedUploads(store);
  const source = (text: string): AsyncIterable<Uint8Array> => Readable.from([Buffer.from(text)]);
  const expiresAt = new Date(Date.now() + HOUR).toISOString();
  const wanted = { filename: 'a', size: 4, expiresAt };
  const [confirmed, forgotten, inParts] = await objects.reserve([
    { ...wanted, partSize: undefined },
    { ...wanted, partSize: undefined },
    { ...wanted, partSize: 2 },
  ]);
  for (const [object, text] of [
    [confirmed, 'kept'],
    [forgotten, 'gone'],
  ] as const)
    await objects.put(object?.key ?? '', source(text), 9);
  await objects.putPart(inParts?.key ?? '', 1, source('ab'));
  const checksum = createHash('sha1').update('kept').digest('hex');
  const result = await confirmUpload(store, objects, { file_key: confirmed?.key ?? '', size: 4, checksum });
  expect(result).toMatchObject({ success: true });
  await chunks.record(await chunks.begin({ start: 0, total: 9, source: source('half'), limit: 9 }), 'half.bin');
  expect(readdirSync(join(dir, 'incoming'))).toHaveLength(2);

  await forgetExpiredUploads(store, new Date(Date.now() + 23 * HOUR));
  expect(readdirSync(join(dir, 'files'))).toHaveLength(2);
  expect(readdirSync(join(dir, 'incoming'))).toHaveLength(2);
  await forgetExpiredUploads(store, new Date(Date.now() + 26 * HOUR));
  expect(readdirSync(join(dir, 'files'))).toHaveLength(1);
  expect(readdirSync(join(dir, 'incoming'))).toEqual([]);
  expect(store.database.all('SELECT name FROM data_files')).toEqual([{ name: 'a' }]);
  expect(store.database.all('SELECT key FROM objects')).toEqual([{ key: confirmed?.key }]);
});
