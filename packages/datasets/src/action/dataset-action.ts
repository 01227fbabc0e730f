import { basename, dirname, join, resolve } from 'node:path';

import { BaseAction, type BaseStepContext, type StepResult, type UndoResult } from '@synapse-steps/core';
import type { z } from 'zod';

import { defaultCacheFolder } from '../cache/default-cache-folder.js';
import { convertDataset } from '../convert/convert-dataset.js';
import { DatasetError } from '../dataset-error.js';
import { downloadDataset } from '../download/download-dataset.js';
import { isFree } from '../output/make-folder.js';
import { removeFolder } from '../output/parts.js';
import { backendOf } from './backend-of.js';
import { contextLog } from './context-log.js';
import { datasetParamsSchema, formatsOf } from './dataset-params.js';
import { datasetResultSchema, type DatasetResult } from './dataset-result.js';

/**
 * Downloads a data set, or converts one: the dataset action of the Python SDK. What it made is removed when it is undone,
 * apart from what belongs to a cache or was there already.
 *
 * @example
 * const params = { operation: 'convert', path: 'pictures', target_format: 'coco' } as const;
 * const { path, configPath } = await new DatasetAction(params).run();
 */
export class DatasetAction extends BaseAction<typeof datasetParamsSchema, BaseStepContext, DatasetResult> {
  static override readonly params: z.ZodType = datasetParamsSchema;
  static override readonly result: z.ZodType = datasetResultSchema;

  /** Where downloads without an `output_dir` are kept: where a training keeps them, too. */
  get cacheDir(): string {
    return join(defaultCacheFolder(this.runtimeContext), 'datasets');
  }

  override async execute(context: BaseStepContext): Promise<DatasetResult> {
    return this.params.operation === 'download' ? this.#download(context) : this.#convert(context);
  }

  override async rollback(_context: BaseStepContext, result: StepResult): Promise<UndoResult | void> {
    const { made } = result.rollbackData;
    if (typeof made === 'string') await removeFolder(made);
  }

  async #download(context: BaseStepContext): Promise<DatasetResult> {
    const { dataset, splits, output_dir: outputDir } = this.params;
    if (dataset === undefined || dataset === null) throw needed('dataset is required for download operation');
    const place = outputDir ? { outputDir: resolve(outputDir) } : { cacheDir: this.cacheDir };
    if (place.outputDir !== undefined) await saveMade(context, place.outputDir);
    const { path, isCategorized, count, leftOutCounts } = await downloadDataset({
      client: backendOf(context.runtimeContext),
      dataset,
      splits,
      ...place,
      signal: context.signal,
      ...contextLog(context),
    });
    const facts = { path, format: 'dm_v2', isCategorized, count, configPath: null, sourcePath: null } as const;
    return { ...facts, pictures: count, annotations: null, leftOutCounts };
  }

  async #convert(context: BaseStepContext): Promise<DatasetResult> {
    const { path, output_dir: outputDir, is_categorized: categorized, splits } = this.params;
    if (!path) throw needed('path is required for convert operation');
    const input = resolve(path);
    const { from, to } = formatsOf(this.params);
    const output = resolve(outputDir || join(dirname(input), `${basename(input)}_${to}`));
    await saveMade(context, output);
    const { log, onProgress } = contextLog(context);
    const report = await convertDataset({
      from,
      to,
      input,
      output,
      reuse: true,
      signal: context.signal,
      log,
      categorized: categorized ?? undefined,
      splits: splits && Object.keys(splits).length > 0 ? Object.keys(splits) : undefined,
      onProgress: ({ phase, pictures, total }) => onProgress({ phase, ...percentOf(phase, pictures, total) }),
    });
    const { pictures, annotations, leftOutCounts, categorized: isCategorized, configPath = null } = report;
    const facts = { path: output, format: to, isCategorized, count: null, configPath, sourcePath: input };
    return { ...facts, pictures, annotations, leftOutCounts };
  }
}

function needed(message: string): DatasetError {
  return new DatasetError({ code: 'params_invalid', message });
}

/** What is there already is not removed by an undo. */
async function saveMade(context: BaseStepContext, path: string): Promise<void> {
  if (await isFree(path)) await context.saveUndo({ made: path });
}

/** The first reading is a third of the work. */
function percentOf(
  phase: 'survey' | 'convert',
  pictures: number,
  total: number | undefined,
): { readonly percent: number; readonly overall: number } {
  const part = total === undefined || total === 0 ? 0 : Math.min(1, pictures / total);
  const overall = phase === 'survey' ? part * 33 : 33 + part * 67;
  return { percent: Math.floor(part * 100), overall: Math.floor(overall) };
}
