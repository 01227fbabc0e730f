import { resolve } from 'node:path';

import { newModelSchema, type Model } from '@synapse-steps/backend/api';
import { z } from 'zod';

import type { TrainContext } from '../train-context.js';
import { TrainError } from '../train-error.js';
import { sendModel } from './send-model.js';

/** What a trainer may say of a model of its own making. */
const modelFieldsSchema = z.strictObject({
  ...newModelSchema.pick({
    name: true,
    plugin: true,
    version: true,
    checkpoint: true,
    configuration: true,
    description: true,
  }).shape,
});

export type ModelFields = z.input<typeof modelFieldsSchema>;

/**
 * Sends a file as it is, and registers it as a model. It is undone with the step that calls it.
 *
 * @param path absolute, or from the run's working directory
 * @throws TrainError `model_not_registered` for other fields, before anything is sent; BackendError
 */
export async function createModel(context: TrainContext, path: string, fields: ModelFields): Promise<Model> {
  const checked = modelFieldsSchema.safeParse(fields);
  if (!checked.success) {
    throw new TrainError({
      code: 'model_not_registered',
      message: `These fields make no model: ${z.prettifyError(checked.error)}`,
      cause: checked.error,
    });
  }
  return await sendModel(resolve(context.runtimeContext.workDir, path), checked.data, {
    client: context.client,
    signal: context.signal,
    isNameNew: false,
    saveUndo: (undo) => context.saveUndo(undo),
  });
}
