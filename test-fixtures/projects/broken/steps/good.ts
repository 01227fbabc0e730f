import { BaseStep, StepResult } from '@synapse-steps/core';
import { writeFileSync } from 'node:fs';

/** Leaves a file behind: a test sees whether it was run. */
export class GoodStep extends BaseStep {
  readonly name = 'good';
  readonly progressWeight: number = 1;

  execute(): StepResult {
    writeFileSync('good-was-run', '');
    return StepResult.ok();
  }
}

export class NegativeStep extends GoodStep {
  override readonly progressWeight = -1;
}

export const notAStep = { name: 'good', execute: 'no' };
