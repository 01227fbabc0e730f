import { RuntimeContext } from '@synapse-steps/core';
import { DefaultUploadAction, type UploadParamsInput, type UploadResult } from '@synapse-steps/upload';
import { ProgressLines } from './progress-lines.js';
import type { Stage } from './stage.js';

/** Pictures as PNG, and nothing else. */
export class DigitsUpload extends DefaultUploadAction {
  override allowedExtensions() {
    return { image: ['.png'] };
  }
}

type UploadClass = new (params: UploadParamsInput, runtimeContext: RuntimeContext) => DigitsUpload;

/** Uploads a folder below the storage's, with progress. @throws StepFailedError when a step failed; all is undone then */
export async function runUpload(
  Upload: UploadClass,
  { client, storage, dataCollection }: Stage,
  params: Pick<UploadParamsInput, 'name' | 'path' | 'extra_params'>,
): Promise<UploadResult> {
  const logger = new ProgressLines();
  const runtimeContext = new RuntimeContext({ client, logger });
  const upload = new Upload({ ...params, storage, data_collection: dataCollection }, runtimeContext);
  return await upload.run({ onProgress: logger.show });
}
