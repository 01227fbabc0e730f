// Times how late the answer of a step is that logs much, and how much memory that takes in the host.
import { BaseStepContext, ConfiguredStep, Orchestrator, StepRegistry } from '@synapse-steps/core';
import { connectPlugin } from '@synapse-steps/bridge';
import { pluginFile, warmLimits } from '../adapters/adapter.js';
import { versionOf } from './installed-version.js';
import { serveProbe } from './serve-probe.js';

const [way = 'log', lines = '100000', python = 'python3'] = process.argv.slice(2);
const session = await connectPlugin(
  { python: pluginFile('flood_steps.py'), interpreter: python },
  { limits: warmLimits, onLog: () => undefined },
);
/** @typedef {{ delay: number, memory: number, rate: number }} Flood */
/** @type {Flood | undefined} */
let last;
// Asked for the delay it floods; the rest is what that flood did besides.
await serveProbe(versionOf('@synapse-steps/bridge'), async ({ wanted }) => {
  if (wanted === 'delay' || last === undefined) last = await flood();
  return { value: last[/** @type {keyof Flood} */ (wanted)] };
});
await session.close();

async function flood() {
  const step = new ConfiguredStep(session.step('flood'), { params: { lines: Number(lines), way } });
  const registry = new StepRegistry();
  registry.register(step);
  let heard = 0;
  let answeredAt = 0;
  let peak = 0;
  const before = process.memoryUsage.rss();
  const orchestrator = new Orchestrator(registry, new BaseStepContext());
  const look = () => (peak = Math.max(peak, process.memoryUsage.rss()));
  orchestrator.events.subscribe((event) => {
    if (event.type === 'step-log') heard += 1;
    if (event.type === 'step-end') answeredAt = performance.timeOrigin + performance.now();
    if (heard % 1000 === 0) look();
  });
  const report = await orchestrator.execute();
  look();
  if (heard === 0) throw new Error('Nothing of the flood was heard.');
  const data = /** @type {{ ended: number, seconds: number } | undefined} */ (report.steps[0]?.data);
  if (data === undefined) throw new Error('The step gave no answer.');
  const { ended, seconds } = data;
  return {
    delay: Math.max(0, answeredAt - ended),
    memory: Math.max(0, peak - before) / 2 ** 20,
    rate: Number(lines) / seconds,
  };
}
