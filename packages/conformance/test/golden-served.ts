// The steps of the golden transcripts, for the Node runtime.
import { servePlugin } from '@synapse-steps/bridge/serve';
import { BaseStep, BaseStepContext, StepResult } from '@synapse-steps/core';

class GoldenContext extends BaseStepContext {
  rows: unknown[] = [];
  model: { path?: string } = {};
}

class TrainStep extends BaseStep<GoldenContext, { path: string; size: number }> {
  readonly name = 'train';
  readonly progressWeight = 2;
  override readonly title = 'Train the model';

  async execute(context: GoldenContext) {
    context.setProgress(1, 2, { message: 'half' });
    context.setMetrics({ loss: 0.25 }, 'train');
    context.log('epoch_done', { epoch: 1 });
    context.logMessage('slow', 'warning');
    await context.saveUndo({ path: 'model.json' });
    context.model.path = 'model.json';
    return StepResult.ok({ data: { rows: context.rows.length }, rollbackData: { size: 3 } });
  }

  override rollback(context: GoldenContext, result: StepResult) {
    Object.assign(context, { undone: result.rollbackData });
  }
}

class EvaluateStep extends BaseStep {
  readonly name = 'evaluate';
  readonly progressWeight = 1;

  override canSkip(context: BaseStepContext) {
    return context.params['skip'] === true && 'the report exists';
  }

  execute() {
    return new StepResult({ skipped: true });
  }
}

class RegisterStep extends BaseStep {
  readonly name = 'register';
  readonly progressWeight = 1;

  execute(): StepResult {
    throw new RangeError('the registry is full');
  }
}

class WaitStep extends BaseStep {
  readonly name = 'wait';
  readonly progressWeight = 1;

  async execute(context: BaseStepContext) {
    context.setProgress(1, 3);
    return await new Promise<StepResult>((_resolve, reject) => {
      context.signal.addEventListener('abort', () => reject(context.signal.reason as Error));
    });
  }
}

await servePlugin([new TrainStep(), new EvaluateStep(), new RegisterStep(), new WaitStep()], {
  context: GoldenContext,
});
