import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { BaseStep, StepResult } from '@synapse-steps/core';
import { newModel, trainEpoch } from '../classifier/logistic-regression.js';
import type { PenguinContext } from '../context.js';

/** What plugins/trainer.py does, in TypeScript. */
export class TrainStep extends BaseStep<PenguinContext, { file: string }> {
  readonly name = 'train';
  readonly progressWeight = 0.7;

  async execute(context: PenguinContext) {
    const { epochs, learning_rate, output } = context.settings;
    const model = newModel(context.training);
    let loss = 0;
    for (let epoch = 1; epoch <= epochs; epoch += 1) {
      loss = trainEpoch(model, context.training, learning_rate);
      context.setMetrics({ loss });
      context.setProgress(epoch, epochs);
      await setImmediate(); // lets the terminal be drawn and a cancel arrive
      context.signal.throwIfAborted();
    }

    const file = join(context.absolute(output), `weights-${context.runId}.json`);
    await context.saveUndo({ file }); // only once that is safe is the file written
    await writeFile(file, JSON.stringify(model, undefined, 2));
    context.model = model;
    return StepResult.ok({ data: { epochs, loss } });
  }

  override async rollback(_context: PenguinContext, result: StepResult<{ file: string }>) {
    const { file } = result.rollbackData;
    if (file !== undefined) await rm(file, { force: true });
  }
}
