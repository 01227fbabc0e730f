import { BaseStep, type BaseStepContext, StepResult } from '@synapse-steps/core';

export class GreetStep extends BaseStep<BaseStepContext & { greeting?: string }> {
  readonly name = 'greet';
  override readonly progressWeight = 1;

  execute(context: BaseStepContext & { greeting?: string }): StepResult {
    context.greeting = `hello ${String(context.params['who'])}`;
    return StepResult.ok();
  }
}
