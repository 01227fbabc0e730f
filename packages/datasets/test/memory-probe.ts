// Converts one data set and prints what that cost at most, in a process of its own: `memory-probe.ts FROM TO INPUT OUTPUT`.
import { convertDataset } from '../src/convert/convert-dataset.js';
import { datasetFormatSchema } from '../src/model/dataset-format.js';

const [from, to, input = '', output = ''] = process.argv.slice(2);
const report = await convertDataset({
  from: datasetFormatSchema.parse(from),
  to: datasetFormatSchema.parse(to),
  input,
  output,
});
const { pictures, annotations, leftOutCounts } = report;
console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024, pictures, annotations, leftOutCounts }));
