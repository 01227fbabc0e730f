// Our bridge as users meet it: a run of many remote steps, orchestrator and all.
import { BaseStepContext, ConfiguredStep, Orchestrator, StepRegistry } from '@synapse-steps/core';
import { connectPlugin } from '@synapse-steps/bridge';
import { versionOf } from '../probes/installed-version.js';
import { pluginFile, warmLimits } from './adapter.js';

const steps = 50;

/** @param {import('./adapter.js').AdapterOptions} options @returns {Promise<import('./adapter.js').Connection>} */
export async function connect({ python }) {
  const session = await connectPlugin(
    { python: pluginFile('echo_step.py'), interpreter: python },
    { limits: warmLimits },
  );
  const echo = session.step('echo');
  return {
    version: versionOf('@synapse-steps/bridge'),
    callsAtOnce: steps,
    roundTrip: async (params) => {
      const registry = new StepRegistry();
      for (let index = 0; index < steps; index += 1) {
        registry.register(new ConfiguredStep(echo, { name: `echo-${index}`, params }));
      }
      const report = await new Orchestrator(registry, new BaseStepContext()).execute();
      return report.steps.at(-1)?.data;
    },
    close: () => session.close(),
  };
}
