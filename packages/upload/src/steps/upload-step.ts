import { BaseStep, type JsonObject } from '@synapse-steps/core';

import type { UploadContext } from '../upload-context.js';

/** A step of an upload that has no effect outside of the context: its undo takes that back and writes a line of the log. */
export abstract class UploadStep<TUndo extends JsonObject = JsonObject> extends BaseStep<UploadContext, TUndo> {
  /** The event that says in the log that the step was taken back; none: nothing is said. */
  protected abstract readonly rollbackEvent: string | undefined;

  /** Sets the fields of the context back that the step wrote. */
  protected abstract reset(context: UploadContext): void;

  override rollback(context: UploadContext): void {
    if (this.rollbackEvent !== undefined) context.log(this.rollbackEvent);
    this.reset(context);
  }
}
