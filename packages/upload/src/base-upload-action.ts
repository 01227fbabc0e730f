import { findBackend } from '@synapse-steps/backend';
import { BaseAction, type RunReport, type RuntimeContext } from '@synapse-steps/core';
import type { z } from 'zod';

import { UploadContext } from './upload-context.js';
import { uploadParamsSchema } from './upload-params.js';
import { uploadResult, uploadResultSchema, type UploadResult } from './upload-result.js';
import { withChecks } from './with-checks.js';

/**
 * An upload whose steps are all your own: it checks the params, and what they name on the backend, and registers no step.
 * `DefaultUploadAction` has the usual ones.
 *
 * @example
 * class MyUpload extends BaseUploadAction {
 *   override setupSteps(registry: StepRegistry<UploadContext>) {
 *     registry.register(new InitializeStep());
 *   }
 * }
 */
export class BaseUploadAction<TParams extends z.ZodType = typeof uploadParamsSchema> extends BaseAction<
  TParams,
  UploadContext,
  UploadResult
> {
  static override readonly params: z.ZodType = uploadParamsSchema;
  static override readonly result: z.ZodType = uploadResultSchema;

  /**
   * Extensions by file type that may be uploaded, such as `{ image: ['.jpg', '.png'] }`; a type that is not named may have
   * any. Default: all.
   */
  allowedExtensions(): Readonly<Record<string, readonly string[]>> {
    return {};
  }

  protected override paramsSchema(): z.ZodType {
    return withChecks(super.paramsSchema() ?? uploadParamsSchema, findBackend(this.runtimeContext));
  }

  protected override createContext(runtimeContext: RuntimeContext): UploadContext {
    const context = new UploadContext(runtimeContext);
    for (const [type, extensions] of Object.entries(this.allowedExtensions())) {
      context.allowedExtensions[type] = [...extensions];
    }
    return context;
  }

  protected override createResult(report: RunReport, context: UploadContext): UploadResult {
    return uploadResult(report, context);
  }
}
