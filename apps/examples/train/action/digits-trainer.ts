import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StepResult } from '@synapse-steps/core';
import { BaseTrainAction, type Checkpoint, type MonitorOptions, type TrainContext } from '@synapse-steps/train';
import { preparePythonEnvironment } from '@synapse-steps/workflow';
import { z } from 'zod';
import type { Evaluation } from '../trainers/typescript/digits-model.js';
import { writeConfusionPicture } from './confusion-picture.js';
import { trainInTypeScript } from './train-in-typescript.js';

const Params = BaseTrainAction.params.extend({
  trainer: z.enum(['scikit-learn', 'typescript']).default('scikit-learn'),
  epochs: z.int().positive().default(30),
  /** The folder that weights are written to. */
  output: z.string().min(1),
});

/** A model, by the folder that it lies in, and how it does with pictures that it has not seen. */
const trainedSchema = z.object({
  weights_path: z.string(),
  epoch: z.int(),
  accuracy: z.number(),
  confusion: z.array(z.array(z.number())),
  classes: z.array(z.string()),
});

export type TrainedDigits = z.output<typeof trainedSchema>;

const place = new URL('../trainers/scikit-learn/', import.meta.url);

/** Learns to read digits, with scikit-learn in Python or in TypeScript: it is the same data, the same steps, the same model. */
export class DigitsTrainer extends BaseTrainAction<typeof Params, TrainedDigits> {
  static override readonly params = Params;
  static override readonly targetFormat = 'imagefolder';
  static override readonly monitor: MonitorOptions = { metric: 'validation_loss', patience: 5 };

  override async execute(dataPath: string, checkpoint: Checkpoint | undefined, context: TrainContext) {
    const inPython = this.params.trainer === 'scikit-learn';
    const trained = inPython
      ? await this.#trainInPython(dataPath, checkpoint, context)
      : await trainInTypeScript(context, { ...this.params, dataPath, checkpoint });
    await this.#showConfusion(trained, context);
    return trained;
  }

  /** Removes what was trained here; what was trained in Python is removed there. */
  override async rollback(_context: TrainContext, { rollbackData }: StepResult<{ output: string }>): Promise<void> {
    const { output } = rollbackData;
    if (output !== undefined) await rm(output, { recursive: true, force: true });
  }

  async #trainInPython(dataPath: string, checkpoint: Checkpoint | undefined, context: TrainContext) {
    const { interpreter } = await preparePythonEnvironment({
      requirements: fileURLToPath(new URL('requirements.txt', place)),
      requiresPython: '>=3.10,<3.15',
      onProgress: ({ message }) => this.logMessage(message),
      signal: context.signal,
    });
    const plugin = await this.plugin({ python: new URL('trainer.py', place), interpreter });
    const { epochs, output } = this.params;
    const { stopFile: stop_file } = context;
    const params = { data_path: dataPath, checkpoint: checkpoint ?? null, epochs, output, stop_file };
    return trainedSchema.parse(await plugin.run('train', params));
  }

  async #showConfusion({ weights_path: weights, ...evaluation }: TrainedDigits, context: TrainContext): Promise<void> {
    const image = join(weights, 'confusion.png');
    await writeConfusionPicture(image, evaluation satisfies Evaluation);
    context.logVisualization({ category: 'evaluation', group: 'confusion', index: 0, image });
  }
}
