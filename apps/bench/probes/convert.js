// Converts a data set with convertDataset. Pictures are copied, as the others do.
import { convertDataset } from '@synapse-steps/datasets';
import { versionOf } from './installed-version.js';
import { measureWork } from './measure-work.js';
import { serveProbe } from './serve-probe.js';

const [from, to, input = '', annotations = '0'] = process.argv.slice(2);

await serveProbe(
  versionOf('@synapse-steps/datasets'),
  async ({ output = '' }) =>
    await measureWork(async () => {
      const formats = /** @type {import('@synapse-steps/datasets').ConvertDatasetOptions} */ ({ from, to });
      const report = await convertDataset({ ...formats, input, output, copyPictures: true });
      if (report.annotations !== Number(annotations)) throw new Error(`Not all was written: ${JSON.stringify(report)}`);
    }),
);
