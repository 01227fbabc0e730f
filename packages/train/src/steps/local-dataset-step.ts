import type { Stats } from 'node:fs';
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
  /** The file in it that a trainer reads first, such as `classes.txt`. Default: `dataset.yaml` if there is one. */
  readonly configPath?: string;
}

/**
 * Takes a folder of this machine as the data set; no backend is asked. The folder stays as it is.
 *
 * @example
 * registry.replace('dataset', new LocalDatasetStep({ path: 'digits', format: 'imagefolder', configPath: 'classes.txt' }));
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
    const { format = 'dm_v2', isCategorized = false, configPath: config } = this.#options;
    const path = resolve(context.runtimeContext.workDir, this.#options.path);
    await assertFolder(path);
    const configPath = config === undefined ? null : resolve(path, config);
    if (configPath !== null) await assertFile(configPath);
    context.dataset = { path, format, isCategorized, count: null, configPath, sourcePath: null };
    return StepResult.ok({ data: { path, format, configPath } });
  }
}

async function assertFolder(path: string): Promise<void> {
  const what = `The data set ${path}`;
  const next = 'Name a folder that is there, absolute or from the working directory of the run';
  if (!(await found(path, { what, next })).isDirectory()) throw missing(`${what} is no folder`, { next });
}

async function assertFile(path: string): Promise<void> {
  const what = `What a trainer is to read first, ${path},`;
  const next = 'Correct configPath, or leave it out if the trainer is to get the folder';
  if (!(await found(path, { what, next })).isFile()) throw missing(`${what} is no file`, { next });
}

async function found(path: string, { what, next }: { readonly what: string; readonly next: string }): Promise<Stats> {
  return await stat(path).catch((cause: unknown) => {
    throw missing(`${what} cannot be opened: ${errorMessage(cause)}`, { next, cause });
  });
}

function missing(why: string, { next, cause }: { readonly next: string; readonly cause?: unknown }): TrainError {
  return new TrainError({
    code: 'data_missing',
    message: `${why}. ${next}.`,
    ...(cause !== undefined && { cause }),
  });
}
