import { defineStep, StepResult } from '@synapse-steps/core';
import type { NumbersContext } from '../context.js';
import { counter } from './counter.js';

export default defineStep<NumbersContext>({
  name: 'sum',
  execute(context) {
    const sum = context.numbers.reduce((total, number) => total + number, 0);
    return StepResult.ok({ data: { sum, loads: counter.loads } });
  },
});
