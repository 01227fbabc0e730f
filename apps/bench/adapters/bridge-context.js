// A run whose steps in Python share a context with one large field: one sends it, the others say what changed.
import {
  BaseStepContext,
  ConfiguredStep,
  defineStep,
  Orchestrator,
  StepRegistry,
  StepResult,
} from '@synapse-steps/core';
import { connectPlugin } from '@synapse-steps/bridge';
import { pluginFile, warmLimits } from './adapter.js';

const steps = 100;

class BigContext extends BaseStepContext {
  count = 0;
  /** @type {(number | string)[]} */
  big = [];
}

/**
 * Microseconds of one step, in the middle of a run: the first step, with which the whole context goes out, is not counted.
 *
 * @param {{ python: string, step: string, bytes: number }} options
 */
export async function connect({ python, step, bytes }) {
  const session = await connectPlugin(
    { python: pluginFile('context_steps.py'), interpreter: python },
    { limits: warmLimits },
  );
  return {
    timeStep: async () => {
      const registry = new StepRegistry();
      let start = 0;
      registry.register(new ConfiguredStep(session.step(step), { name: 'first' }));
      registry.register(
        defineStep({ name: 'begin', progressWeight: 1, execute: () => ((start = performance.now()), StepResult.ok()) }),
      );
      for (let index = 0; index < steps; index += 1) {
        registry.register(new ConfiguredStep(session.step(step), { name: `${step}-${index}` }));
      }
      let end = 0;
      registry.register(
        defineStep({ name: 'end', progressWeight: 1, execute: () => ((end = performance.now()), StepResult.ok()) }),
      );
      const context = new BigContext();
      context.big = [0, ...Array.from({ length: Math.floor(bytes / 100) }, () => 'x'.repeat(97))];
      await new Orchestrator(registry, context).execute();
      const reached = step === 'count' ? context.count : context.big[0] === 0;
      if (step === 'count' ? reached !== steps + 1 : reached !== true) throw new Error('A change was lost.');
      return ((end - start) * 1000) / steps;
    },
    close: () => session.close(),
  };
}
