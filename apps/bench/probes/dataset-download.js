// Downloads a data set with downloadDataset.
import { BackendClient } from '@synapse-steps/backend';
import { downloadDataset } from '@synapse-steps/datasets';
import { versionOf } from './installed-version.js';
import { measureWork } from './measure-work.js';
import { serveProbe } from './serve-probe.js';

const [pictures = '0'] = process.argv.slice(2);

await serveProbe(
  versionOf('@synapse-steps/datasets'),
  async ({ port, output = '' }) =>
    await measureWork(async () => {
      const client = new BackendClient({ host: `http://127.0.0.1:${port}`, token: 'any' });
      const { count } = await downloadDataset({ client, dataset: 1, outputDir: output });
      if (count !== Number(pictures)) throw new Error(`Not all arrived: ${count} pictures.`);
    }),
);
