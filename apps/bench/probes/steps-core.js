// Our steps, as a user writes them: classes that can be undone, registered and run. With `reader` somebody reads the events.
import { BaseStep, BaseStepContext, Orchestrator, StepRegistry, StepResult } from '@synapse-steps/core';
import { versionOf } from './installed-version.js';
import { measureSteps } from './measure-steps.js';
import { serveProbe } from './serve-probe.js';

const withReader = process.argv[2] === 'reader';

/** @extends {BaseStep<BaseStepContext>} */
class NoOpStep extends BaseStep {
  progressWeight = 1;

  /** @param {string} name */
  constructor(name) {
    super();
    this.name = name;
  }

  async execute() {
    return StepResult.ok();
  }

  /** @override */
  async rollback() {}
}

/** @type {NoOpStep[]} */
let steps = [];
let eventsRead = 0;

async function runWorkflow() {
  const registry = new StepRegistry();
  for (const step of steps) registry.register(step);
  const orchestrator = new Orchestrator(registry, new BaseStepContext());
  if (withReader) orchestrator.events.subscribe(() => void (eventsRead += 1));
  const report = await orchestrator.execute();
  if (report.stepsExecuted !== steps.length) throw new Error(`Only ${report.stepsExecuted} steps ran.`);
  return { orchestrator, report };
}

await serveProbe(versionOf('@synapse-steps/core'), async (request) => {
  if (steps.length !== request.steps) {
    steps = Array.from({ length: request.steps }, (_, index) => new NoOpStep(`step-${index}`));
  }
  const answer = await measureSteps(request, runWorkflow);
  if (withReader && eventsRead === 0) throw new Error('The reader has read nothing.');
  return answer;
});
