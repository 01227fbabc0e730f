// The embedded backend, in a process of its own, with a data set of pictures. The same for each download: nothing changes it.
import { channel } from 'node:diagnostics_channel';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { versionOf } from './installed-version.js';
import { serveProbe } from './serve-probe.js';

const [folder = '.'] = process.argv.slice(2);
const none = { polygon: [], keypoint: [], polyline: [], relation: [], group: [] };
const box = { id: 'b', classification: 'cat', attrs: [], data: [2, 3, 8, 4] };
const data = { classification: {}, images: [{ ...none, bounding_box: [box], classification: [] }] };
const names = await readdir(join(folder, 'pictures'));
const events = names.map((name) => ({ category: 'train', files: { image_1: `pictures/${name}` }, data }));
const seed = join(folder, 'seed.yaml');
await writeFile(seed, JSON.stringify({ datasets: [{ name: 'Pictures', events }] }));
const backend = await startLocalBackend({ dir: join(folder, 'backend') });
await backend.seed(seed);

let requests = 0;
channel('http.server.request.start').subscribe(() => (requests += 1));

// `port` is answered with the port, `requests` with how many there were since then.
await serveProbe(versionOf('@synapse-steps/backend-local'), ({ wanted }) => {
  if (wanted === 'requests') return { value: requests };
  requests = 0;
  return { value: backend.port };
});
await backend.close();
