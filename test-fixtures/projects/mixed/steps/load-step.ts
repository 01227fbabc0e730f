import { BaseStep, StepResult } from '@synapse-steps/core';
import type { MixedContext } from '../context.js';

export class LoadStep extends BaseStep<MixedContext> {
  readonly name = 'load';
  readonly progressWeight = 1;

  execute(context: MixedContext): StepResult {
    context.rows = [1, 2, 3, 4];
    return StepResult.ok({ data: { rows: context.rows.length } });
  }
}
