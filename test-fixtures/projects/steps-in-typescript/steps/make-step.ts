import { BaseStep, StepResult } from '@synapse-steps/core';
import { z } from 'zod';
import type { NumbersContext } from '../context.js';
import { counter } from './counter.js';

const StepParams = z.strictObject({ from: z.number().default(1) });

export class MakeStep extends BaseStep<NumbersContext> {
  static readonly stepParams = StepParams;
  readonly name = 'make';
  readonly progressWeight = 3;

  async execute(context: NumbersContext): Promise<StepResult> {
    counter.loads += 1;
    const { from } = StepParams.parse(context.stepParams);
    const count = Number(context.params['count']);
    context.numbers = Array.from({ length: count }, (_, index) => from + index);
    return StepResult.ok({ data: { count } });
  }
}

export const limit = 3;

export class Counter {
  value = 0;
}

export class NeedsArgument extends MakeStep {
  constructor(readonly folder: string) {
    super();
  }
}

export class Throws extends MakeStep {
  constructor() {
    super();
    throw new Error('no folder today');
  }
}
