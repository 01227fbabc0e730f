import { BaseStep, StepResult } from '@synapse-steps/core';

class ShowStep extends BaseStep {
  name = 'show';
  progressWeight = 1;

  execute(context) {
    context.logMessage(`${context.params.label}: ${context.numbers.join(', ')}`);
    return StepResult.ok();
  }
}

export const show = new ShowStep();
