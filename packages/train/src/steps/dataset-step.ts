import { resolve } from 'node:path';

import type { Id } from '@synapse-steps/backend/api';
import { BaseStep, StepResult } from '@synapse-steps/core';
import { downloadDataset, type DownloadedDataset, type DownloadProgress } from '@synapse-steps/datasets';

import type { TrainContext } from '../train-context.js';
import { TrainError } from '../train-error.js';
import type { TrainParams } from '../train-params.js';
import { datasetLog, percentTeller } from './dataset-log.js';
import { makeOwnFolder, removeOwnFolder } from './own-folder.js';

export interface DatasetStepOptions {
  /** Where data sets are kept for the next run. */
  readonly cacheFolder: string;
}

/**
 * Downloads the data set of the params, into the folder of the param `output_dir` or else into the cache. What is in the
 * cache, and is still so on the backend, is not downloaded again.
 */
export class DatasetStep extends BaseStep<TrainContext> {
  readonly name = 'dataset';
  readonly progressWeight = 0.3;
  readonly #cacheFolder: string;

  constructor({ cacheFolder }: DatasetStepOptions) {
    super();
    this.#cacheFolder = cacheFolder;
  }

  async execute(context: TrainContext): Promise<StepResult> {
    const dataset = await this.#download(context);
    const { path, format, isCategorized, count, configPath, sourcePath, leftOutCounts } = dataset;
    context.dataset = { path, format, isCategorized, count, configPath, sourcePath };
    return StepResult.ok({
      data: { path, count, ...(Object.keys(leftOutCounts).length > 0 && { leftOutCounts: { ...leftOutCounts } }) },
    });
  }

  /** Removes the folder that this run has made. The cache stays: it is everybody's. */
  override async rollback(context: TrainContext, { rollbackData }: StepResult): Promise<void> {
    await removeOwnFolder(rollbackData);
    context.dataset = undefined;
  }

  async #download(context: TrainContext): Promise<DownloadedDataset> {
    const { client, signal, runtimeContext } = context;
    const { splits, output_dir: outputDir } = context.trainParams;
    const dataset = datasetOf(context);
    const tell = percentTeller(context);
    const options = {
      client,
      dataset,
      splits,
      signal,
      log: datasetLog(context),
      onProgress: ({ overall }: DownloadProgress) => tell(overall),
    };
    if (!outputDir) return await downloadDataset({ ...options, cacheDir: this.#cacheFolder });
    const folder = resolve(runtimeContext.workDir, outputDir);
    return await makeOwnFolder(context, folder, () => downloadDataset({ ...options, outputDir: folder }));
  }
}

/** Looked at before anything runs, too, unless the step is wrapped in another one. */
function datasetOf({ trainParams }: TrainContext): Id {
  const { dataset }: Partial<TrainParams> = trainParams;
  if (dataset !== undefined && dataset !== null) return dataset;
  throw new TrainError({
    code: 'configuration',
    message:
      "The params name no data set. Give 'dataset', or replace the step 'dataset' by one that takes another source, such as LocalDatasetStep.",
  });
}
