import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { BaseStep, StepResult, type RunReport } from '@synapse-steps/core';

import type { Checkpoint, TrainContext, TrainDataset } from '../train-context.js';
import { TrainError } from '../train-error.js';

/** Whoever trains: an action. */
export interface Trainer<TValue = unknown> {
  /** Where the model to start from is, if there is one. */
  getCheckpoint(context: TrainContext): Promise<Checkpoint | undefined>;
  execute(dataPath: string, checkpoint: Checkpoint | undefined, context: TrainContext): TValue | Promise<TValue>;
}

/** Calls the action's `execute`, with the data and the model to start from. */
export class TrainStep<TValue = unknown> extends BaseStep<TrainContext> {
  readonly name: string = 'train';
  readonly progressWeight = 0.5;
  readonly #trainer: Trainer<TValue>;
  #returned: { readonly value: TValue } | undefined;

  constructor(trainer: Trainer<TValue>) {
    super();
    this.#trainer = trainer;
  }

  async execute(context: TrainContext): Promise<StepResult> {
    const dataPath = await dataPathOf(context.dataset);
    context.dataPath = dataPath;
    const checkpoint = await this.#trainer.getCheckpoint(context);
    const value = await this.#trainer.execute(dataPath, checkpoint, context);
    if (StepResult.is(value)) return value; // it says itself how it ended
    this.#returned = { value };
    const data = toData(value);
    context.modelPath = weightsPathIn(data) ?? context.modelPath;
    context.setProgress(100, 100);
    return StepResult.ok({ data });
  }

  /** What `execute` returned; when another process ran it, what the report holds of that. */
  valueIn(report: RunReport): TValue {
    if (this.#returned) return this.#returned.value;
    return report.steps.find(({ name }) => name === this.name)?.data as TValue;
  }
}

/** Where the trained weights are, by what a trainer in TypeScript or in Python returned. */
export function weightsPathIn(data: Readonly<Record<string, unknown>>): string | undefined {
  const path = data['weightsPath'] ?? data['weights_path'];
  return typeof path === 'string' && path !== '' ? path : undefined;
}

/** What a trainer reads first; the folder where nothing of that kind is there. */
async function dataPathOf(dataset: TrainDataset | undefined): Promise<string> {
  if (dataset === undefined) {
    throw new TrainError({
      code: 'data_missing',
      message:
        'There is no data set to train on. Register a step before this one that sets context.dataset, such as LocalDatasetStep.',
    });
  }
  if (dataset.configPath !== undefined) return dataset.configPath;
  const config = join(dataset.path, 'dataset.yaml');
  return (await stat(config).catch(() => undefined))?.isFile() ? config : dataset.path;
}

function toData(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  return typeof value === 'object' && !Array.isArray(value) ? { ...value } : { result: value };
}
