import { defineStep, ParallelStep, RetryStep, StepResult, TimeoutStep } from '@synapse-steps/core';
import { expect, it } from 'vitest';
import { describeSteps } from './describe-steps.js';

const gpu = Object.assign(defineStep({ name: 'gpu', progressWeight: 1, execute: () => StepResult.ok() }), {
  exclusive: true,
  env: ['DEVICE'],
});
const fetches = Object.assign(defineStep({ name: 'fetch', progressWeight: 1, execute: () => StepResult.ok() }), {
  env: ['TOKEN', 'DEVICE'],
});

it('describes what a step needs of its process, also through wrappers and of steps inside it', () => {
  const wrapped = new RetryStep(new TimeoutStep(gpu, { timeoutMs: 1000 }), { attempts: 2 });
  const both = new ParallelStep([wrapped, fetches], { name: 'both' });
  const { steps } = describeSteps([gpu, wrapped, both, fetches]);
  expect(steps?.map(({ name, exclusive, env }) => [name, exclusive, env])).toEqual([
    ['gpu', true, ['DEVICE']],
    ['gpu', true, ['DEVICE']],
    ['both', true, ['DEVICE', 'TOKEN']],
    ['fetch', false, ['TOKEN', 'DEVICE']],
  ]);
});
