// The embedded backend, in a process of its own. Each upload gets one that is empty; the process stays, and is warm.
import { channel } from 'node:diagnostics_channel';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { versionOf } from './installed-version.js';
import { serveProbe } from './serve-probe.js';

const [folder = '.'] = process.argv.slice(2);
const seed = join(folder, 'seed.yaml');
const specification = { name: 'image', file_type: 'image', is_required: true, is_primary: true, extensions: ['jpg'] };
await writeFile(
  seed,
  JSON.stringify({
    storages: [{ name: 'pictures', location: 'pictures' }],
    data_collections: [{ name: 'Pictures', file_specifications: [specification] }],
  }),
);

let requests = 0;
channel('http.server.request.start').subscribe(() => (requests += 1));
/** @type {import('@synapse-steps/backend-local').LocalBackend | undefined} */
let backend;
let started = 0;

/**
 * A backend that had many files keeps its folder until the benchmark ends: ext4 steps over the place of each file that was
 * removed lately whenever it makes a new one, which nobody who uploads has to pay for.
 */
async function endBackend() {
  if (backend === undefined) return;
  await backend.close();
  const files = await readdir(join(backend.dir, 'files'));
  if (files.length < 100) await rm(backend.dir, { recursive: true });
}

// `fresh` is answered with the port of an empty backend, `requests` with how many it has had since then.
await serveProbe(versionOf('@synapse-steps/backend-local'), async ({ wanted }) => {
  if (wanted === 'requests') return { value: requests };
  await endBackend();
  backend = await startLocalBackend({ dir: join(folder, `backend-${(started += 1)}`) });
  await backend.seed(seed);
  requests = 0;
  return { value: backend.port };
});
await backend?.close();
