import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendClient, BackendError } from '@synapse-steps/backend';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { defineStep, RuntimeContext, StepResult } from '@synapse-steps/core';
import { recordRun } from '@synapse-steps/core/testing';
import { expect, it, onTestFinished } from 'vitest';

import { folderOf, startTestBackend } from '../../test/train-run.js';
import { ModelUploadStep } from '../steps/model-upload-step.js';
import { TrainContext } from '../train-context.js';

const fails = defineStep<TrainContext>({ name: 'mine', execute: () => StepResult.fail('mine is broken') });

async function stage(params: object = {}) {
  const root = await folderOf({ 'best.bin': 'weights' });
  const backend = await startLocalBackend({ dir: join(root, 'backend') });
  onTestFinished(() => backend.close());
  const client = new BackendClient({ host: backend.url, token: 'any', retryDelayMs: 1 });
  const context = new TrainContext(new RuntimeContext({ client, params: { dataset: 1, ...params } }));
  context.modelPath = join(root, 'best.bin');
  const left = async () => ({
    files: await readdir(join(root, 'backend/files')),
    incoming: await readdir(join(root, 'backend/incoming')),
  });
  return { client, context, left };
}

it('a model that the embedded backend refuses leaves nothing at all there', async () => {
  const { context, left } = await stage({ checkpoint: 9 });
  const { report } = await recordRun([new ModelUploadStep()], context);
  expect(report.error?.message).toMatch(/There is no model 9/);
  expect(report.rollback).toMatchObject({ complete: true, steps: [{ outcome: 'undone', leftBehind: [] }] });
  expect(await left()).toEqual({ files: [], incoming: [] });
});

it('a model that comes after it was looked for the last time is found when what it was made of is deleted', async () => {
  const { client, context, left } = await stage();
  const { models } = client;
  const create = models.create.bind(models);
  const list = models.list.bind(models);
  let late: (() => Promise<unknown>) | undefined;
  let looks = 0;
  models.create = (model) => {
    late = () => create(model);
    return Promise.reject(new BackendError({ code: 'backend_outcome_unknown', message: 'nobody knows' }));
  };
  models.list = async function* listed(options) {
    yield* list(options);
    looks += 1;
    if (looks === 2) await late?.();
  };
  const { report } = await recordRun([new ModelUploadStep()], context);
  expect(report.rollback).toMatchObject({ complete: true });
  expect(await left()).toEqual({ files: [], incoming: [] });
  for await (const model of list()) expect.fail(`There is still model ${model.id}.`);
});

it('all that could not be removed is named, by its number', async () => {
  const { client, server } = await startTestBackend({
    faults: [{ method: 'DELETE', path: '/v2/models/*', status: 500, times: 99 }],
  });
  const workDir = await folderOf({ 'best.bin': 'weights' });
  const context = new TrainContext(new RuntimeContext({ client, workDir, params: { dataset: 1 } }));
  const makes = defineStep<TrainContext>({
    name: 'makes',
    execute: async (running) => {
      for (const name of ['first', 'second']) await running.createModel('best.bin', { name });
      return StepResult.ok();
    },
    rollback: (running, result) => running.deleteModels(result),
  });
  const { report } = await recordRun([makes, fails], context, { undo: { delayMs: 0 } });
  expect(server.state.created.models).toHaveLength(2);
  expect(report.rollback?.steps.at(-1)?.error?.message).toMatch(
    /^Could not be removed from the backend: model 702 'second' \(.*500.*\); model 701 'first' \(.*500.*\)\. Roll the run back again/,
  );
});

it('the first chunk whose answer was lost may be there, although the next try was refused', async () => {
  const { client } = await startTestBackend({
    faults: [
      { method: 'PUT', path: '/chunked_upload/', after: true },
      { method: 'PUT', path: '/chunked_upload/', status: 413 },
    ],
  });
  const workDir = await folderOf({ 'best.bin': 'weights' });
  const context = new TrainContext(new RuntimeContext({ client, workDir, params: { dataset: 1 } }));
  context.modelPath = 'best.bin';
  const { report } = await recordRun([new ModelUploadStep()], context);
  expect(report.rollback?.steps[0]?.leftBehind).toEqual([
    expect.stringMatching(
      /^what was sent of model\.zip .* which may be there, as an upload whose number nobody was told/,
    ),
  ]);
});
