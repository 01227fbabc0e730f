import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendClient } from '@synapse-steps/backend';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { defineStep, RuntimeContext, StepResult } from '@synapse-steps/core';
import { recordRun } from '@synapse-steps/core/testing';
import { expect, it, onTestFinished } from 'vitest';

import { fetchCheckpoint } from '../checkpoint/fetch-checkpoint.js';
import { folderOf } from '../../test/train-run.js';
import { TrainContext } from '../train-context.js';
import { ModelUploadStep } from './model-upload-step.js';

const fails = defineStep<TrainContext>({ name: 'mine', execute: () => StepResult.fail('mine is broken') });

/** An embedded backend, and a context of a training that has trained. */
async function stage() {
  const root = await folderOf({ 'run/weights.txt': 'w', 'run/logs/loss.csv': '1,2', 'cache/': '' });
  const backend = await startLocalBackend({ dir: join(root, 'backend') });
  onTestFinished(() => backend.close());
  const client = new BackendClient({ host: backend.url, token: 'any', retryDelayMs: 1 });
  const contextOf = (name: string): TrainContext => {
    const context = new TrainContext(new RuntimeContext({ client, params: { dataset: 1, name } }));
    context.modelPath = join(root, 'run');
    return context;
  };
  const models = async (): Promise<unknown[]> => {
    const names: unknown[] = [];
    for await (const { name } of client.models.list()) names.push(name?.replace(/_.*/, ''));
    return names;
  };
  return { root, client, contextOf, models, disk: () => readdir(join(root, 'backend/files')) };
}

it('what was registered with the embedded backend is what another training starts from', async () => {
  const { root, client, contextOf } = await stage();
  const context = contextOf('first');
  await recordRun([new ModelUploadStep()], context);
  const { signal } = new AbortController();
  const cacheFolder = join(root, 'cache');
  const { path } = await fetchCheckpoint(context.model?.id ?? 0, { client, signal, cacheFolder });
  expect((await readdir(path, { recursive: true })).toSorted()).toEqual(['logs', 'logs/loss.csv', 'weights.txt']);
});

it('a run that fails leaves the embedded backend as it was, and has nothing to name', async () => {
  const { contextOf, models, disk } = await stage();
  await recordRun([new ModelUploadStep()], contextOf('stays'));
  const before = await disk();
  const { report } = await recordRun([new ModelUploadStep(), fails], contextOf('goes'));
  expect(report.rollback).toMatchObject({ complete: true });
  expect([await models(), await disk()]).toEqual([['stays'], before]);
});
