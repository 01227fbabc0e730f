import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject, StepRegistry } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';

import type { FakeBackendOptions } from '../../../../test-fixtures/backend/fake-backend.js';
import { folderOf, runTraining, startTestBackend } from '../../test/train-run.js';
import { BaseTrainAction } from '../base-train-action.js';
import { LocalDatasetStep } from '../steps/local-dataset-step.js';
import type { Checkpoint, TrainContext } from '../train-context.js';

const TRAINER = new URL('../../test/trainers/trainer.py', import.meta.url);

/** A training in Python whose model is registered. */
class Trainer extends BaseTrainAction<typeof BaseTrainAction.params, JsonObject> {
  override setupSteps(registry: StepRegistry<TrainContext>): void {
    super.setupSteps(registry);
    const dataset = new LocalDatasetStep({ path: 'data' });
    if (registry.has('dataset')) registry.replace('dataset', dataset);
    else registry.insertBefore('train', dataset);
  }

  override async execute(_dataPath: string, checkpoint: Checkpoint | undefined): Promise<JsonObject> {
    const plugin = await this.plugin({ python: TRAINER });
    return plugin.run('train', { checkpoint, ...(this.params['asked'] as object) });
  }
}

async function train(asked: Readonly<Record<string, unknown>>, options: FakeBackendOptions = {}) {
  const root = await folderOf({ 'work/data/': '' });
  const [backend, workDir] = [await startTestBackend(options), join(root, 'work')];
  const run = await runTraining(Trainer, { dataset: 1, asked }, { client: backend.client, workDir });
  return { ...run, ...backend, files: await readdir(workDir), outside: await readdir(root) };
}

describe('what a trainer in Python returns as its weights', () => {
  it.each([
    ['a file', 'model.txt'],
    ['a folder', 'weights/'],
    ['outside of the working directory', '../elsewhere/model.txt'],
  ])('may be %s', async (_where, weights) => {
    const { result, server } = await train({ weights });
    expect(result).toMatchObject({ success: true, modelId: 701, value: { weights_path: weights, epochs: 2 } });
    expect(server.state.created.models).toHaveLength(1);
  });

  it('must be there: otherwise the training fails, and what the trainer made is undone', async () => {
    const { report, files, paths } = await train({ weights: 'nowhere.pt', writes: false });
    expect(report).toMatchObject({ status: 'rolled-back', error: { code: 'weights_missing' } });
    expect([files, paths()]).toEqual([['data'], []]);
  });

  it.each([
    ['in the working directory are undone by the trainer', 'model.txt', ['data'], ['work']],
    ['elsewhere stay', '../elsewhere/model.txt', ['data'], ['elsewhere', 'work']],
  ])('and %s when the backend refuses the model', async (...[, weights, files, outside]) => {
    const faults = [{ method: 'POST', path: '/models/', status: 400, body: { name: ['no'] } }];
    const run = await train({ weights }, { faults });
    expect(run.report.rollback?.steps.map(({ name }) => name)).toEqual(['model_upload', 'train', 'dataset']);
    expect([run.files, run.outside]).toEqual([files, outside]);
    expect(run.server.state.created.models ?? []).toEqual([]);
  });
});
