// Times steps of a run that share a large context.
import { connect } from '../adapters/bridge-context.js';
import { versionOf } from './installed-version.js';
import { serveProbe } from './serve-probe.js';

const [python = 'python3', step = 'count', bytes = '1000000'] = process.argv.slice(2);
const connection = await connect({ python, step, bytes: Number(bytes) });
await serveProbe(versionOf('@synapse-steps/bridge'), async ({ milliseconds }) => {
  const start = performance.now();
  const times = [];
  while (times.length === 0 || performance.now() - start < milliseconds) times.push(await connection.timeStep());
  return { value: times.reduce((sum, time) => sum + time, 0) / times.length };
});
await connection.close();
