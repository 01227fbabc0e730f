import { BaseStep, StepResult } from '@synapse-steps/core';
import {
  convertDataset,
  DatasetError,
  datasetFormats,
  datasetFormatSchema,
  type ConversionReport,
  type DatasetFormat,
  type WriteDatasetOptions,
} from '@synapse-steps/datasets';

import { isInside } from '../is-inside.js';
import type { TrainContext, TrainDataset } from '../train-context.js';
import { datasetFor } from './dataset-for.js';
import { conversionTeller, datasetLog } from './dataset-log.js';
import { makeOwnFolder, removeOwnFolder } from './own-folder.js';

export interface ConvertStepOptions extends WriteDatasetOptions {
  /** Such as `yolo`. */
  readonly targetFormat: string;
  /** What was converted of data sets in this folder is kept for the next run, beside them. */
  readonly cacheFolder?: string;
}

/**
 * Converts the data set to what the trainer reads, into a folder beside it, such as `digits_yolo`. One that is in that format
 * already is taken as it is.
 */
export class ConvertStep extends BaseStep<TrainContext> {
  readonly name = 'convert';
  readonly progressWeight = 0.2;
  readonly #options: ConvertStepOptions;

  constructor(options: ConvertStepOptions) {
    super();
    this.#options = options;
  }

  override canSkip({ dataset }: TrainContext): string | false {
    const { targetFormat } = this.#options;
    return dataset?.format === targetFormat ? `The data set is in the format '${targetFormat}' already` : false;
  }

  async execute(context: TrainContext): Promise<StepResult> {
    const source = datasetFor('convert', context);
    const report = await this.#convert(source, context);
    const { path, configPath = null, format, categorized: isCategorized, pictures: count } = report;
    context.dataset = { path, format, isCategorized, count, configPath, sourcePath: source.path };
    return StepResult.ok({ data: { path, configPath, ...leftOutOf(report, context) } });
  }

  /** Removes the folder that this run has made. The cache stays: it is everybody's. */
  override async rollback(_context: TrainContext, { rollbackData }: StepResult): Promise<void> {
    await removeOwnFolder(rollbackData);
  }

  async #convert(source: TrainDataset, context: TrainContext): Promise<ConversionReport> {
    const { targetFormat, cacheFolder, ...options } = this.#options;
    const [from, to] = [formatOf(source.format), formatOf(targetFormat)];
    const [input, output] = [source.path, `${source.path}_${to}`];
    const convert = (): Promise<ConversionReport> =>
      convertDataset({
        ...options,
        from,
        to,
        input,
        output,
        reuse: true,
        categorized: source.isCategorized,
        splits: splitsOf(source, context),
        signal: context.signal,
        onProgress: conversionTeller(context),
        log: datasetLog(context),
      });
    const isCached = cacheFolder !== undefined && isInside(input, cacheFolder);
    return await (isCached ? convert() : makeOwnFolder(context, output, convert));
  }
}

/** What of the data is not in the result: the log names the first, the step's data has the counts. */
function leftOutOf({ leftOut, leftOutCounts }: ConversionReport, context: TrainContext): object {
  if (leftOut.length === 0) return {};
  const first = leftOut.slice(0, MOST_NAMED).map((entry) => ({ ...entry }));
  context.log('convert_left_out', { counts: { ...leftOutCounts }, first }, 'warning');
  return { leftOutCounts: { ...leftOutCounts } };
}

const MOST_NAMED = 10;

/** Those that were asked for, whatever they are called; else the converter looks for those that training data usually have. */
function splitsOf({ isCategorized }: TrainDataset, { trainParams }: TrainContext): readonly string[] | undefined {
  return isCategorized && trainParams.splits !== null ? Object.keys(trainParams.splits) : undefined;
}

function formatOf(name: string): DatasetFormat {
  const format = datasetFormatSchema.safeParse(name);
  if (format.success) return format.data;
  throw new DatasetError({
    code: 'format_unknown',
    message: `'${name}' is no format of data sets. Formats: ${datasetFormats.join(', ')}.`,
  });
}
