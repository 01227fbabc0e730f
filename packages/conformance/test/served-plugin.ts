// Steps of the Node runtime for each role of the conformance kit.
import { setTimeout as wait } from 'node:timers/promises';
import { servePlugin } from '@synapse-steps/bridge/serve';
import { BaseStep, type BaseStepContext, StepResult } from '@synapse-steps/core';

class WorkStep extends BaseStep {
  readonly name = 'work';
  readonly progressWeight = 1;

  override canSkip() {
    return false;
  }

  execute(context: BaseStepContext) {
    context.setProgress(1, 2);
    context.setMetrics({ loss: 0.5 });
    context.log('worked', { n: 1 });
    Object.assign(context, { worked: true });
    return StepResult.ok({ data: { a: 1 } });
  }
}

class WaitStep extends BaseStep {
  readonly name = 'conformance-waits';
  readonly progressWeight = 1;

  async execute(context: BaseStepContext) {
    await wait(600_000, undefined, { signal: context.signal });
    return StepResult.ok();
  }
}

class SaveStep extends BaseStep {
  readonly name = 'conformance-saves-undo';
  readonly progressWeight = 1;

  async execute(context: BaseStepContext) {
    await context.saveUndo({ path: 'model.json' });
    return StepResult.ok();
  }

  override rollback() {
    console.log('undone');
  }
}

class PrintStep extends BaseStep {
  readonly name = 'conformance-prints';
  readonly progressWeight = 1;

  execute() {
    console.log('this is printed');
    return StepResult.ok();
  }
}

await servePlugin([new WorkStep(), new WaitStep(), new SaveStep(), new PrintStep()]);
