import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { BaseStep, errorMessage, StepResult } from '@synapse-steps/core';

import type { TrainContext } from '../train-context.js';
import { TrainError } from '../train-error.js';

export interface LocalDatasetStepOptions {
  /** The folder, absolute or from the run's working directory. */
  readonly path: string;
  /** In which format it is. Default `dm_v2`. */
  readonly format?: string;
  /** Whether it is divided into splits. Default false. */
  readonly isCategorized?: boolean;
}

/**
 * Takes a folder of this machine as the data set; no backend is asked. The folder stays as it is.
 *
 * @example
 * registry.replace('dataset', new LocalDatasetStep({ path: 'digits', format: 'imagefolder' }));
 */
export class LocalDatasetStep extends BaseStep<TrainContext> {
  readonly name = 'dataset';
  readonly progressWeight = 0.3;
  readonly #options: LocalDatasetStepOptions;

  constructor(options: LocalDatasetStepOptions) {
    super();
    this.#options = options;
  }

  async execute(context: TrainContext): Promise<StepResult> {
    const { format = 'dm_v2', isCategorized = false } = this.#options;
    const path = resolve(context.runtimeContext.workDir, this.#options.path);
    await assertFolder(path);
    context.dataset = { path, format, isCategorized };
    return StepResult.ok({ data: { path } });
  }
}

async function assertFolder(path: string): Promise<void> {
  const missing = (why: string, cause?: unknown): TrainError =>
    new TrainError({
      code: 'data_missing',
      message: `The data set ${path} ${why}.`,
      ...(cause !== undefined && { cause }),
    });
  const found = await stat(path).catch((error: unknown) => {
    throw missing(`cannot be opened: ${errorMessage(error)}`, error);
  });
  if (!found.isDirectory()) throw missing('is no folder');
}
