// Uploads a folder with DefaultUploadAction.
import { BackendClient } from '@synapse-steps/backend';
import { RuntimeContext } from '@synapse-steps/core';
import { DefaultUploadAction } from '@synapse-steps/upload';
import { versionOf } from './installed-version.js';
import { measureWork } from './measure-work.js';
import { serveProbe } from './serve-probe.js';

const [path = '', way = 'presigned', files = '0'] = process.argv.slice(2);
const extra = { use_presigned: way === 'presigned' };

await serveProbe(versionOf('@synapse-steps/upload'), async ({ port }) => {
  const client = new BackendClient({ host: `http://127.0.0.1:${port}`, token: 'any' });
  const params = { name: 'Bench', storage: 2, data_collection: 1, path, extra_params: extra };
  return await measureWork(async () => {
    const result = await new DefaultUploadAction(params, new RuntimeContext({ client })).run();
    if (result.dataUnits !== Number(files)) throw new Error(`Not all arrived: ${JSON.stringify(result)}`);
  });
});
