import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { connectPlugin } from '@synapse-steps/bridge';
import { defineStep, StepResult, type BaseStep } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import type { Model } from '../classifier/model.js';
import type { PenguinContext } from '../context.js';
import { EvaluateStep } from '../steps/evaluate.js';
import { LoadStep } from '../steps/load.js';
import { SplitStep } from '../steps/split.js';
import { TrainStep } from '../steps/train.js';
import { ValidateStep } from '../steps/validate.js';
import { runSteps, temporaryFolder } from '../test/run-steps.js';

const trainer = fileURLToPath(new URL('trainer.py', import.meta.url));

/** The steps of the plugin, in a process of its own for one test. */
async function pythonSteps() {
  const session = await connectPlugin({ python: trainer });
  return {
    train: session.step('train'),
    evaluate: session.step('evaluate'),
    [Symbol.asyncDispose]: () => session.close(),
  };
}

async function trainBy(train: BaseStep<PenguinContext>, evaluate: BaseStep<PenguinContext>) {
  await using folder = await temporaryFolder();
  const steps = [new LoadStep(), new ValidateStep(), new SplitStep(), train, evaluate];
  return await runSteps(steps, { output: folder.path, epochs: 100 });
}

function numbersOf({ mean, scale, weights, bias }: Model): number[] {
  return [...mean, ...scale, ...weights.flat(), ...bias];
}

describe('the trainer in Python', () => {
  it('finds the same model as the one in TypeScript, to the last digits', async () => {
    await using python = await pythonSteps();
    const there = await trainBy(python.train, python.evaluate);
    const here = await trainBy(new TrainStep(), new EvaluateStep());
    expect(there.report.error).toBeUndefined();
    expect(there.context.testing).toEqual(here.context.testing);
    expect(there.context.evaluation).toEqual(here.context.evaluation);
    expect(there.context.model?.classes).toEqual(here.context.model?.classes);

    const expected = numbersOf(here.context.model as Model);
    const found = numbersOf(there.context.model as Model);
    expect(found).toHaveLength(expected.length);
    // Not bit for bit: the exp() of V8 and that of the C library may differ in the last bit.
    for (const [index, value] of expected.entries()) {
      expect(Math.abs((found[index] ?? NaN) - value)).toBeLessThanOrEqual(1e-12 * Math.abs(value));
    }
  });

  it('reports a metric and its progress for each epoch', async () => {
    await using python = await pythonSteps();
    const { events } = await trainBy(python.train, python.evaluate);
    const ofTrain = events.filter((event) => 'step' in event && event.step === 'train');
    expect(ofTrain.filter(({ type }) => type === 'step-metric')).toHaveLength(100);
    expect(ofTrain.filter(({ type }) => type === 'step-progress').at(-1)).toMatchObject({ current: 100, total: 100 });
  });

  it('may print: the line becomes one of the log', async () => {
    await using python = await pythonSteps();
    const { events } = await trainBy(python.train, python.evaluate);
    const line = expect.stringMatching(/^\d+\.\d% of 67 held-out penguins recognised$/) as string;
    expect(events).toContainEqual(expect.objectContaining({ type: 'step-log', step: 'evaluate', message: line }));
  });

  it('saves what its undo needs before it writes, and removes the file when a later step fails', async () => {
    await using python = await pythonSteps();
    await using folder = await temporaryFolder();
    const output = folder.path;
    const look = defineStep<PenguinContext>({
      name: 'look',
      execute: async () => StepResult.fail((await readdir(output)).join()),
    });
    const steps = [new LoadStep(), new ValidateStep(), new SplitStep(), python.train, look];
    const { report, events } = await runSteps(steps, { output, epochs: 5 });
    expect(report.error?.message).toBe(`weights-${report.runId}.json`);
    expect(events).toContainEqual(expect.objectContaining({ type: 'undo-saved', step: 'train' }));
    expect(report.status).toBe('rolled-back');
    expect(await readdir(output)).toEqual([]);
  });
});
