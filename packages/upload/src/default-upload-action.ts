import type { StepRegistry } from '@synapse-steps/core';
import type { z } from 'zod';

import { BaseUploadAction } from './base-upload-action.js';
import { AnalyzeCollectionStep } from './steps/analyze-collection-step.js';
import { CleanupStep } from './steps/cleanup-step.js';
import { GenerateDataUnitsStep } from './steps/generate-data-units-step.js';
import { InitializeStep } from './steps/initialize-step.js';
import { OrganizeFilesStep } from './steps/organize-files-step.js';
import { ProcessMetadataStep } from './steps/process-metadata-step.js';
import { UploadFilesStep } from './steps/upload-files-step.js';
import { ValidateFilesStep } from './steps/validate-files-step.js';
import type { UploadContext } from './upload-context.js';
import type { uploadParamsSchema } from './upload-params.js';

/** How much of a backend job's progress each step is, in percent: by what the steps usually take, unlike their weights. */
export const uploadProportions: Readonly<Record<string, number>> = {
  initialize: 1,
  process_metadata: 2,
  analyze_collection: 1,
  organize_files: 2,
  validate_files: 1,
  upload_files: 34,
  generate_data_units: 58,
  cleanup: 1,
};

/**
 * Uploads a folder: finds its files, checks them, sends them, and makes data units of them. What it did on the backend is
 * taken back when a later step fails.
 *
 * @example
 * class MyUpload extends DefaultUploadAction {
 *   override setupSteps(registry: StepRegistry<UploadContext>) {
 *     super.setupSteps(registry);
 *     registry.insertAfter('organize_files', new ResizeImagesStep());
 *   }
 * }
 * const params = { name: 'Batch 1', storage: 1, data_collection: 5, path: 'pictures' };
 * const result = await new MyUpload(params, new RuntimeContext({ client })).run();
 */
export class DefaultUploadAction<
  TParams extends z.ZodType = typeof uploadParamsSchema,
> extends BaseUploadAction<TParams> {
  static override readonly proportions: Readonly<Record<string, number>> = uploadProportions;

  override setupSteps(registry: StepRegistry<UploadContext>): void {
    registry
      .register(new InitializeStep())
      .register(new ProcessMetadataStep())
      .register(new AnalyzeCollectionStep())
      .register(new OrganizeFilesStep())
      .register(new ValidateFilesStep())
      .register(new UploadFilesStep())
      .register(new GenerateDataUnitsStep())
      .register(new CleanupStep());
  }
}
