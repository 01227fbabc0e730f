// Starts the embedded backend as it was installed, stores a file, and finds it again after a restart.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { startLocalBackend } from '@synapse-steps/backend-local';

const bytes = 'a picture';

const first = await startLocalBackend({ dir: 'data' });
const form = new FormData();
form.set('file', new Blob([bytes]), 'picture.txt');
const { id, checksum } = await ask(`${first.url}/data_files/`, { method: 'POST', body: form });
assert.equal(checksum, createHash('md5').update(bytes).digest('hex'));
await assert.rejects(startLocalBackend({ dir: 'data' }), { code: 'folder_in_use' });
await first.close();

const second = await startLocalBackend({ dir: 'data' });
try {
  const { file } = await ask(`${second.url}/data_files/${id}/`);
  assert.equal(await (await fetch(file)).text(), bytes);
} finally {
  await second.close();
}
console.log('stored a file and found it after a restart');

/** @param {string} url @param {RequestInit} [init] @returns {Promise<{ id: number, checksum: string, file: string }>} */
async function ask(url, init) {
  const response = await fetch(url, init);
  assert(response.ok, `${url}: ${response.status}`);
  return /** @type {{ id: number, checksum: string, file: string }} */ (await response.json());
}
