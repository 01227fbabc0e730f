import { BaseStep, BaseStepContext, StepResult } from '@synapse-steps/core';

export class GreetingContext extends BaseStepContext {
  greeting = '';
}

export class GreetStep extends BaseStep<GreetingContext> {
  readonly name = 'greet';
  readonly progressWeight = 1;

  execute(context: GreetingContext): StepResult {
    context.greeting = `hello ${String(context.params['who'])}`;
    return StepResult.ok();
  }
}
