import { BaseStep, StepResult, type BaseStepContext } from '@synapse-steps/core';

export class LastStep extends BaseStep {
  readonly name = 'last';
  readonly progressWeight = 1;

  execute(context: BaseStepContext) {
    return context.params['fail'] === true ? StepResult.fail('told to') : StepResult.ok();
  }
}
