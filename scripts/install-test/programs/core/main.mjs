// A run with skip, failure and undo, on core alone.
import assert from 'node:assert/strict';
import {
  BaseStep,
  BaseStepContext,
  Orchestrator,
  RuntimeContext,
  StepFailedError,
  StepRegistry,
  StepResult,
} from '@synapse-steps/core';

class ListContext extends BaseStepContext {
  /** @type {string[]} */
  calls = [];
}

/** @extends {BaseStep<ListContext>} */
class KeepStep extends BaseStep {
  name = 'keep';
  progressWeight = 0.3;

  /** @param {ListContext} context */
  execute(context) {
    context.calls.push('keep');
    return StepResult.ok({ data: { kept: 1 } });
  }

  /** @param {ListContext} context */
  rollback(context) {
    context.calls.push('undo keep');
  }
}

/** @extends {BaseStep<ListContext>} */
class FailStep extends BaseStep {
  name = 'fail';
  progressWeight = 0.7;

  execute() {
    return StepResult.fail('no space left');
  }
}

/** @param {BaseStep<ListContext>[]} steps */
function prepare(...steps) {
  const registry = new StepRegistry();
  for (const step of steps) registry.register(step);
  const context = new ListContext(new RuntimeContext({ params: { folder: 'in' } }));
  return { context, orchestrator: new Orchestrator(registry, context, {}) };
}

const good = prepare(new KeepStep());
const report = await good.orchestrator.execute();
assert.equal(report.success, true);

const bad = prepare(new KeepStep(), new FailStep());
const error = await bad.orchestrator.execute().then(
  () => assert.fail('a failed step must reject'),
  (reason) => reason,
);
assert(StepFailedError.is(error), String(error));
assert.deepEqual(bad.context.calls, ['keep', 'undo keep']);
console.log('ran a step, failed another, undid the first');
