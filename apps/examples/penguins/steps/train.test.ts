import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defineStep, StepResult } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import type { PenguinContext } from '../context.js';
import { runSteps, temporaryFolder } from '../test/run-steps.js';
import { EvaluateStep } from './evaluate.js';
import { LoadStep } from './load.js';
import { SplitStep } from './split.js';
import { TrainStep } from './train.js';
import { ValidateStep } from './validate.js';

const prepare = () => [new LoadStep(), new ValidateStep(), new SplitStep()];

describe('train and evaluate in TypeScript', () => {
  it('report a falling loss and their progress for each epoch', async () => {
    await using folder = await temporaryFolder();
    const { events } = await runSteps([...prepare(), new TrainStep()], { output: folder.path, epochs: 20 });
    const losses = events.flatMap((event) => (event.type === 'step-metric' ? [Number(event.metrics['loss'])] : []));
    expect(losses).toHaveLength(20);
    expect(losses.every((loss, index) => index === 0 || loss < Number(losses[index - 1]))).toBe(true);
    expect(losses[0]).toBeCloseTo(Math.log(3), 10); // three classes, nothing known yet
    const progress = events.flatMap((event) => (event.type === 'step-progress' ? [event.current] : []));
    expect(progress).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('recognise at least 95 % of the held-out penguins with each of five seeds', async () => {
    await using folder = await temporaryFolder();
    const accuracies = await Promise.all(
      [1, 2, 3, 4, 5].map(async (seed) => {
        const steps = [...prepare(), new TrainStep(), new EvaluateStep()];
        const { context } = await runSteps(steps, { output: folder.path, epochs: 200, seed });
        return context.evaluation?.accuracy ?? 0;
      }),
    );
    expect(Math.min(...accuracies)).toBeGreaterThanOrEqual(0.95);
  });

  it('count every held-out penguin once in the confusion matrix', async () => {
    await using folder = await temporaryFolder();
    const steps = [...prepare(), new TrainStep(), new EvaluateStep()];
    const { context } = await runSteps(steps, { output: folder.path });
    expect(context.evaluation?.classes).toEqual(['Adelie', 'Chinstrap', 'Gentoo']);
    expect(context.evaluation?.confusion.map((row) => row.reduce((a, b) => a + b))).toEqual([29, 14, 24]);
  });

  it('remove the weights that they wrote, and only those, when a later step fails', async () => {
    await using folder = await temporaryFolder();
    await folder.write('weights-of-another-run.json', '{}');
    const fail = defineStep<PenguinContext>({
      name: 'fail',
      async execute({ runId }) {
        const there = await readdir(join(folder.path));
        return StepResult.fail(there.includes(`weights-${runId}.json`) ? 'seen' : 'not seen');
      },
    });
    const { report } = await runSteps([...prepare(), new TrainStep(), fail], { output: folder.path });
    expect(report.error?.message).toBe('seen');
    expect(await readdir(folder.path)).toEqual(['weights-of-another-run.json']);
  });

  it('say what is missing when there is no model', async () => {
    const { report } = await runSteps([new EvaluateStep()], {});
    expect(report.error?.message).toBe('There is no model to evaluate. Run train before evaluate.');
  });
});
