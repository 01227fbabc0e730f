import { errorMessage, StepResult } from '@synapse-steps/core';

import type { UploadContext } from '../upload-context.js';
import { UploadError } from '../upload-error.js';
import { uploadMessages } from '../upload-messages.js';
import { UploadStep } from './upload-step.js';

/** Reads which files each data unit of the collection has. */
export class AnalyzeCollectionStep extends UploadStep {
  readonly name = 'analyze_collection';
  readonly progressWeight = 0.05;
  protected readonly rollbackEvent = 'ROLLBACK_COLLECTION_ANALYSIS';

  async execute(context: UploadContext): Promise<StepResult> {
    const { data_collection: id } = context.uploadParams;
    const { client, signal } = context;
    context.setProgress(0, 2);
    const collection = await client.dataCollections.get(id, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new UploadError({
        code: 'collection_not_readable',
        message: `Failed to analyze collection ${id}: ${errorMessage(error)}`,
        cause: error,
      });
    });
    context.setProgress(1, 2);
    context.dataCollection = collection;
    const specifications = collection.file_specifications ?? [];
    context.setProgress(2, 2);
    context.log('STEP_COMPLETED', { step: this.name, specs_count: specifications.length });
    context.logMessage(uploadMessages.codes.UPLOAD_COLLECTION_ANALYZED, { values: { count: specifications.length } });
    return StepResult.ok({ data: { fileSpecifications: specifications.map(({ name }) => name) } });
  }

  protected reset(context: UploadContext): void {
    context.dataCollection = undefined;
  }
}
