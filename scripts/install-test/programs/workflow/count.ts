import { BaseStep, BaseStepContext, StepResult } from '@synapse-steps/core';

export class CountContext extends BaseStepContext {
  counted = '';
}

export class CountStep extends BaseStep<CountContext> {
  readonly name = 'count';
  readonly progressWeight = 1;

  execute(context: CountContext): StepResult {
    context.counted = `${String((context.params['words'] as string[]).length)} ${String(context.stepParams['unit'])}`;
    return StepResult.ok({ data: { counted: context.counted } });
  }
}
