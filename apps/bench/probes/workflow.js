// Times a workflow of steps that work for a millisecond: in one go, as a run of remote steps, or with a process for each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BaseStepContext, ConfiguredStep, Orchestrator, StepRegistry } from '@synapse-steps/core';
import { connectPlugin } from '@synapse-steps/bridge';
import { execa } from 'execa';
import { ownSession, pluginFile, warmLimits } from '../adapters/adapter.js';
import { versionOf } from './installed-version.js';
import { serveProbe } from './serve-probe.js';

const [kind = '', python = 'python3'] = process.argv.slice(2);
const kinds = { alone, run, processes };
const { version, runSteps, close } = await kinds[/** @type {keyof typeof kinds} */ (kind)]();

await serveProbe(version, async ({ steps }) => {
  const start = performance.now();
  await runSteps(steps);
  return { value: (performance.now() - start) / steps };
});
await close();

/** The floor: the work itself. */
async function alone() {
  const child = spawn(python, [pluginFile('work_alone.py')], { stdio: ['pipe', 'pipe', 'inherit'], ...ownSession });
  return {
    version: process.versions.node,
    runSteps: async (/** @type {number} */ steps) => {
      child.stdin.write(`${steps}\n`);
      await once(child.stdout, 'data');
    },
    close: async () => {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

async function run() {
  const session = await connectPlugin(
    { python: pluginFile('work_steps.py'), interpreter: python },
    { limits: warmLimits },
  );
  const work = session.step('work');
  return {
    version: versionOf('@synapse-steps/bridge'),
    runSteps: async (/** @type {number} */ steps) => {
      const registry = new StepRegistry();
      for (let index = 0; index < steps; index += 1)
        registry.register(new ConfiguredStep(work, { name: `work-${index}` }));
      await new Orchestrator(registry, new BaseStepContext()).execute();
    },
    close: () => session.close(),
  };
}

async function processes() {
  return {
    version: versionOf('execa'),
    runSteps: async (/** @type {number} */ steps) => {
      for (let index = 0; index < steps; index += 1)
        await execa(python, [pluginFile('work_alone.py')], { input: '1\n' });
    },
    close: async () => undefined,
  };
}
