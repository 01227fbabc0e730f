// The step of test-fixtures/plugins/soak.py, served by the SDK for Node: progress, metrics, log, undo data that is waited for, and a
// change of the context. Without the export condition of the sources this is what users get: the build.
import { BaseStep, StepResult } from '@synapse-steps/core';
import { servePlugin } from '@synapse-steps/bridge/serve';

class SoakStep extends BaseStep {
  name = 'soak';
  progressWeight = 1;

  async execute(context) {
    context.setProgress(1, 2);
    context.setMetrics({ done: context.done });
    await context.saveUndo({ done: context.done });
    context.log('done', { rows: context.rows.length }, 'debug');
    context.rows[context.done % context.rows.length] = context.done;
    context.done += 1;
    return StepResult.ok({ data: { text: 'soak '.repeat(20) } });
  }

  rollback(context, result) {
    context.done = result.rollbackData.done;
  }
}

await servePlugin([new SoakStep()]);
