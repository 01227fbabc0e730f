import { BaseStep, StepResult } from '@synapse-steps/core';
import { asPercent } from '../classifier/confusion-table.js';
import { evaluate } from '../classifier/logistic-regression.js';
import type { PenguinContext } from '../context.js';

/** What plugins/trainer.py does, in TypeScript. */
export class EvaluateStep extends BaseStep<PenguinContext> {
  readonly name = 'evaluate';
  readonly progressWeight = 0.05;

  execute(context: PenguinContext) {
    if (context.model === null) return StepResult.fail('There is no model to evaluate. Run train before evaluate.');
    context.evaluation = evaluate(context.model, context.testing);
    const { accuracy } = context.evaluation;
    context.logMessage(`${asPercent(accuracy)} of ${context.testing.length} held-out penguins recognised`);
    return StepResult.ok({ data: { accuracy } });
  }
}
