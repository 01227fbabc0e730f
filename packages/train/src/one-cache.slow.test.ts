import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendClient, bytesSource } from '@synapse-steps/backend';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { defineStep, Orchestrator, RuntimeContext, StepResult } from '@synapse-steps/core';
import { expect, it, onTestFinished, vi } from 'vitest';

import { makeZip } from '../../../test-fixtures/zip/make-zip.js';
import { folderOf, runTraining } from '../test/train-run.js';
import { BaseTrainAction } from './base-train-action.js';
import type { Checkpoint, TrainContext } from './train-context.js';

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAABQAAAAKCAIAAAA7N+mxAAAAF0lEQVR4nGM8wcXFQC5gIlvnqOYRoxkAJZIA8JEUpzoAAAAASUVORK5CYII=',
  'base64',
);

/** An embedded backend with a data set of ten pictures in two splits, and a model to start from. */
async function stage() {
  const root = await folderOf({ 'cache/': '', 'picture.png': PICTURE });
  const events = Array.from({ length: 10 }, (_, index) => ({
    category: index % 2 === 0 ? 'train' : 'validation',
    files: { image: 'picture.png' },
    data: { images: [{ classification: [{ id: `k${index}`, classification: index % 3 === 0 ? 'cat' : 'dog' }] }] },
  }));
  const seed = await folderOf({
    'picture.png': PICTURE,
    'seed.yaml': JSON.stringify({ datasets: [{ name: 'D', events }] }),
  });
  const backend = await startLocalBackend({ dir: join(root, 'backend') });
  onTestFinished(() => backend.close());
  await backend.seed(join(seed, 'seed.yaml'));
  const client = new BackendClient({ host: backend.url, token: 'any', retryDelayMs: 1 });
  const zip = bytesSource('base.zip', makeZip([{ name: 'base.bin', content: 'base' }]));
  const { id } = await client.chunkedUploads.upload(zip);
  const model = await client.models.create({ name: 'base', chunked_upload: id });
  const params = { dataset: 1, splits: { train: null, validation: null }, checkpoint: model.id };
  return { root, client, params };
}

function trainer(root: string) {
  return class extends BaseTrainAction {
    static override readonly targetFormat = 'imagefolder';
    override cacheFolder() {
      return join(root, 'cache');
    }
    override async execute(dataPath: string, checkpoint: Checkpoint | undefined): Promise<unknown> {
      const base = await readFile(join(checkpoint?.path ?? '', 'base.bin'), 'utf8');
      return { classes: await readFile(dataPath, 'utf8'), base };
    }
  };
}

it('several trainings at once share one cache, and each has all it needs', async () => {
  const { root, client, params } = await stage();
  const runs = await Promise.all(Array.from({ length: 4 }, () => runTraining(trainer(root), params, { client })));
  for (const { report, result } of runs) {
    expect(report.error).toBeUndefined();
    expect(result?.value).toEqual({ classes: 'cat\ndog\n', base: 'base' });
  }
  const kept = [...(await readdir(join(root, 'cache/datasets'))), ...(await readdir(join(root, 'cache/models')))];
  expect(kept.filter((name) => /\.part|\.zip|\.old/.test(name))).toEqual([]);
});

it('one that fails takes nothing from the other that uses the same cache', async () => {
  const { root, client, params } = await stage();
  const failing = defineStep<TrainContext>({ name: 'last', execute: () => StepResult.fail('no') });
  const [good, bad] = await Promise.all([
    runTraining(trainer(root), params, { client }),
    runTraining(trainer(root), params, { client, more: [failing] }),
  ]);
  expect([good?.report.success, bad?.report.success]).toEqual([true, false]);
  expect((await runTraining(trainer(root), params, { client })).report.success).toBe(true);
});

it.each(['dataset', 'convert', 'train'])('a cancel in %s leaves nothing half made', async (name) => {
  const { root, client, params } = await stage();
  const Action = trainer(root);
  const { registry, context } = await new Action(params, new RuntimeContext({ client })).prepare();
  const orchestrator = new Orchestrator(registry, context, { graceMs: 5000 });
  orchestrator.events.subscribe((event) => {
    if (event.type === 'step-start' && event.step === name) setImmediate(() => orchestrator.cancel('enough'));
  });
  const ended = await orchestrator.execute().catch((error: unknown) => error);
  expect(ended).toMatchObject({ code: 'run_cancelled' });
  await vi.waitFor(async () => {
    const names = await readdir(join(root, 'cache'), { recursive: true });
    expect(names.filter((each) => /\.part|\.zip|\.old/.test(each))).toEqual([]);
  });
  expect((await runTraining(Action, params, { client })).report.success).toBe(true);
});
