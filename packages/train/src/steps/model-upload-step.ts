import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { findBackend } from '@synapse-steps/backend';
import type { NewModel } from '@synapse-steps/backend/api';
import { BaseStep, errorMessage, StepResult, type UndoResult } from '@synapse-steps/core';
import { z } from 'zod';

import { shortText } from '../failure/short-text.js';
import { packModel } from '../model/pack-model.js';
import { pluginOf } from '../model/plugin-of.js';
import { sendModel } from '../model/send-model.js';
import { undoModels } from '../model/undo-models.js';
import type { TrainContext } from '../train-context.js';
import { trainMessages } from '../train-messages.js';

/** Packs what was trained, sends it to the backend and registers it as a model. */
export class ModelUploadStep extends BaseStep<TrainContext> {
  readonly name = 'model_upload';
  readonly progressWeight = 0.1;

  override canSkip({ modelPath, runtimeContext }: TrainContext): string | false {
    if (modelPath === undefined || modelPath === '') return 'The trainer returned no weightsPath';
    return findBackend(runtimeContext) === undefined
      ? `There is no backend; what was trained stays in ${modelPath}`
      : false;
  }

  async execute(context: TrainContext): Promise<StepResult> {
    try {
      return await upload(context);
    } catch (error) {
      if (!context.signal.aborted) tellFailure(context, error);
      throw error;
    }
  }

  /** Deletes the model, and names what of it stays. */
  override async rollback(context: TrainContext, { rollbackData }: StepResult): Promise<UndoResult> {
    const folder = archiveFolderSchema.parse(rollbackData).archiveFolder;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    const undone = await undoModels(rollbackData, { client: () => context.client, signal: context.signal });
    context.model = undefined;
    return undone;
  }
}

const archiveFolderSchema = z.object({ archiveFolder: z.string().optional() });

async function upload(context: TrainContext): Promise<StepResult> {
  const { client, signal, modelPath = '' } = context;
  const source = resolve(context.runtimeContext.workDir, modelPath);
  const folder = join(tmpdir(), `synapse-steps-model-${randomUUID()}`);
  await context.saveUndo({ archiveFolder: folder });
  try {
    await mkdir(folder, { mode: 0o700 });
    const archive = join(folder, 'model.zip');
    const size = await packModel(source, archive, { signal });
    context.logMessage(trainMessages.codes.TRAIN_MODEL_SAVED);
    const fields = await modelFields(context);
    const model = await sendModel(archive, fields, {
      client,
      signal,
      isNameNew: true,
      saveUndo: (undo) => context.saveUndo(undo),
      onBytes: (bytes) => context.setProgress(bytes, size),
    });
    context.model = model;
    context.logMessage(`Model registered: ${model.id}`);
    context.logMessage(trainMessages.codes.TRAIN_MODEL_UPLOADED);
    return StepResult.ok({ data: { modelId: model.id, model } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the backend is told of the model, but for its file. */
async function modelFields(context: TrainContext): Promise<NewModel> {
  const { jobId, checkpoint: lent } = context.runtimeContext;
  const { name, description, hyperparameter, hyperparameters, checkpoint } = context.trainParams;
  const base = typeof name === 'string' && name !== '' ? name : jobId === undefined ? 'train' : `train_${jobId}`;
  const from = lent?.['id'] ?? checkpoint;
  return {
    name: `${base}_${randomBytes(4).toString('hex')}`,
    ...(await pluginOf(context)),
    ...((typeof from === 'number' || typeof from === 'string') && { checkpoint: from }),
    configuration: { hyperparameter: hyperparameter ?? hyperparameters?.[0] ?? {} },
    description: typeof description === 'string' ? description : '',
  };
}

function tellFailure(context: TrainContext, error: unknown): void {
  const values = { error: shortText(errorMessage(error)) };
  context.logMessage(trainMessages.codes.TRAIN_FAILED_MODEL_REGISTER, { values });
  context.markUserFailureEmitted();
}
