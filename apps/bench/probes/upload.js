// Uploads a folder with DefaultUploadAction.
import { readFileSync } from 'node:fs';
import { BackendClient } from '@synapse-steps/backend';
import { RuntimeContext } from '@synapse-steps/core';
import { DefaultUploadAction } from '@synapse-steps/upload';
import { versionOf } from './installed-version.js';
import { serveProbe } from './serve-probe.js';

const [path = '', way = 'presigned', files = '0'] = process.argv.slice(2);
const extra = { use_presigned: way === 'presigned' };

await serveProbe(versionOf('@synapse-steps/upload'), async ({ port }) => {
  const client = new BackendClient({ host: `http://127.0.0.1:${port}`, token: 'any' });
  const params = { name: 'Bench', storage: 2, data_collection: 1, path, extra_params: extra };
  const processor = process.cpuUsage();
  const start = performance.now();
  const result = await new DefaultUploadAction(params, new RuntimeContext({ client })).run();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(processor);
  if (result.dataUnits !== Number(files)) throw new Error(`Not all arrived: ${JSON.stringify(result)}`);
  return { value: seconds, processorSeconds: (user + system) / 1e6, peakBytes: peakBytes() };
});

/** Of this process alone: what the system calls `maxRSS` begins with that of the parent. */
function peakBytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(peak?.[1]) * 1024;
}
