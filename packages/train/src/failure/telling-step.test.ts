import { defineStep, RetryStep, StepResult, type BaseStep } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { runTraining } from '../../test/train-run.js';
import { BaseTrainAction } from '../base-train-action.js';
import type { TrainContext } from '../train-context.js';
import { TrainError } from '../train-error.js';

/** A training of one step that fails so. */
function failingWith(failure: unknown, traits: { readonly optional?: boolean } = {}) {
  return ofSteps([
    defineStep<TrainContext>({
      name: 'fit',
      ...traits,
      execute: () => {
        if (StepResult.is(failure)) return failure;
        throw failure;
      },
    }),
  ]);
}

function ofSteps(steps: readonly BaseStep<TrainContext>[]) {
  return class extends BaseTrainAction {
    override setupSteps(...[registry]: Parameters<BaseTrainAction['setupSteps']>) {
      for (const step of steps) registry.register(step);
    }
  };
}

describe('people are told of a failure', () => {
  it.each<[string, unknown, string]>([
    ['a step that says that it failed', StepResult.fail('loss is NaN'), 'TRAIN_FAILED_STEP'],
    ['an error that nobody knows', new Error('CUDA out of memory'), 'TRAIN_FAILED_STEP'],
    [
      'a configuration that cannot work',
      new TrainError({ code: 'configuration', message: 'no' }),
      'TRAIN_FAILED_CONFIG',
    ],
    ['a machine without GPU', new TrainError({ code: 'resource_missing', message: 'no' }), 'TRAIN_FAILED_GPU_RESOURCE'],
    [
      'what is behind another error',
      new Error('no', { cause: 'Could not connect to Ray' }),
      'TRAIN_FAILED_RAY_CONNECTION',
    ],
    ['the words of a trainer in Python', new Error('Unsupported scheduler: x'), 'TRAIN_FAILED_CONFIG'],
  ])('by the code of %s', async (_, failure, code) => {
    const run = await runTraining(failingWith(failure), { dataset: 11 });
    expect(run.said).toEqual([`fit: ${code}`]);
    expect(run.entries.at(-1)).toMatchObject({ level: 'danger' });
  });

  it('once, however often it is tried, and with the step that failed', async () => {
    const retried = new RetryStep(defineStep<TrainContext>({ name: 'fit', execute: () => StepResult.fail('no') }), {
      attempts: 3,
      delayMs: 0,
    });
    const run = await runTraining(ofSteps([retried]), { dataset: 11 });
    expect(run.entries.map(({ data }) => data['content'])).toEqual(["Training failed at step 'fit'"]);
  });

  it('not where a step may fail', async () => {
    const run = await runTraining(failingWith(new Error('no'), { optional: true }), { dataset: 11 });
    expect([run.report.success, run.said]).toEqual([true, []]);
  });

  it('when there are no steps at all', async () => {
    const failure = runTraining(ofSteps([]), { dataset: 11 });
    await expect(failure).rejects.toMatchObject({ code: 'no_steps' });
  });

  it('by a text of bearable length', async () => {
    const error = new TrainError({ code: 'configuration', message: `${'a\n'.repeat(2000)}end` });
    const run = await runTraining(failingWith(error), { dataset: 11 });
    const { content } = z.object({ content: z.string() }).parse(run.entries[0]?.data);
    expect(content).toMatch(/^Training failed: invalid configuration — a .*….* end$/);
    expect(content.length).toBeLessThan(1100);
  });
});
