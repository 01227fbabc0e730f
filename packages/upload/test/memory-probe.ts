// Uploads one file and prints what that cost at most, in a process of its own: `memory-probe.ts HOST presigned|form|chunks FILE`.
import { BackendClient } from '@synapse-steps/backend';

import { contextFor, groupOf, uploadGroups } from './upload-run.js';

const [host = '', way = '', path = ''] = process.argv.slice(2);
const client = new BackendClient({ host, token: 'token' });
const context = contextFor(client, [groupOf({ images: path })], {
  max_file_size_mb: way === 'form' ? 100_000 : 1,
  extra_params: { use_presigned: way === 'presigned', skip_existing_checksums: true },
});
const { report } = await uploadGroups(context);
if (!report.success || context.dataUnits.length !== 1) throw new Error(JSON.stringify(context.lostFiles));
console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 }));
