// Moves one file and prints what that cost at most, in a process of its own: `memory-probe.ts HOST WAY FILE`.
import { BackendClient } from '../src/backend-client.js';
import { fileSource } from '../src/files/file-source.js';

const [host = '', way = '', path = ''] = process.argv.slice(2);
const backend = new BackendClient({ host, token: 'token' });

async function presigned(): Promise<void> {
  const source = await fileSource(path);
  const { files } = await backend.presignedUploads.presign([{ filename: source.name, size: source.size }]);
  if (!files[0]) throw new Error('The backend named no address.');
  await backend.presignedUploads.confirm([await backend.presignedUploads.put(files[0], source)]);
}

const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  presigned,
  form: async () => backend.dataFiles.upload(await fileSource(path), { chunkAbove: Infinity }),
  chunks: async () => backend.dataFiles.upload(await fileSource(path), { chunkAbove: 0 }),
  download: () => backend.downloads.toFile(`${host}/_stream/file`, path),
};

await ways[way]?.();
console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 }));
