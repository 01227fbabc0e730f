import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendClient } from '@synapse-steps/backend';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { Orchestrator, RuntimeContext, StepFailedError, StepRegistry, type RunEvent } from '@synapse-steps/core';
import { MemoryJournal } from '@synapse-steps/core/testing';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';

import { folderOf } from '../../test/train-run.js';
import { ModelUploadStep } from '../steps/model-upload-step.js';
import { TrainContext } from '../train-context.js';

/** Where a host may stop: after each undo data that it saved. The archive, the upload, its id, the model, its id. */
const PLACES = [1, 2, 3, 4, 5];

async function stage() {
  const root = await folderOf({ 'best.bin': 'weights', 'temporary/': '' });
  vi.stubEnv('TMPDIR', join(root, 'temporary'));
  const backend = await startLocalBackend({ dir: join(root, 'backend') });
  onTestFinished(() => backend.close());
  const client = new BackendClient({ host: backend.url, token: 'any', retryDelayMs: 1 });
  const host = (history?: MemoryJournal) => {
    const context = new TrainContext(new RuntimeContext({ client, params: { dataset: 1 } }));
    context.modelPath = join(root, 'best.bin');
    const journal = history ?? new MemoryJournal();
    const options = history === undefined ? {} : { history: history.events.filter(({ type }) => type !== 'run-end') };
    const registry = new StepRegistry<TrainContext>().register(new ModelUploadStep());
    const orchestrator = new Orchestrator(registry, context, { journal, undo: { delayMs: 0 }, graceMs: 0, ...options });
    return { orchestrator, journal, context };
  };
  /** Runs until the n-th undo data are safe, and does this then. */
  const until = async (count: number, act: (orchestrator: Orchestrator<TrainContext>) => void) => {
    const { orchestrator, journal } = host();
    let saved = 0;
    orchestrator.events.subscribe((event: RunEvent) => {
      if (event.type === 'undo-saved' && (saved += 1) === count) act(orchestrator);
    });
    const report = await orchestrator.execute().catch((error: unknown) => {
      if (StepFailedError.is(error)) return error.report;
      throw error;
    });
    return { report, journal };
  };
  const left = async () => {
    const models: unknown[] = [];
    for await (const { id } of client.models.list()) models.push(id);
    const [files, incoming, temporary] = await Promise.all(
      ['backend/files', 'backend/incoming', 'temporary'].map((name) => readdir(join(root, name))),
    );
    return { models: models.length, files: files?.length, incoming, temporary };
  };
  return { host, until, left };
}

afterEach(() => void vi.unstubAllEnvs());

const NOTHING = { models: 0, files: 0, incoming: [], temporary: [] };

it.each(PLACES)('a host that stops after %i notes is followed by one that registers one model', async (count) => {
  const { host, until, left } = await stage();
  const { report, journal } = await until(count, (orchestrator) => orchestrator.interrupt());
  expect(report.status).toBe('interrupted');
  const next = host(journal);
  expect((await next.orchestrator.execute()).status).toBe('succeeded');
  expect(await left()).toEqual({ models: 1, files: 1, incoming: [], temporary: [] });
});

it.each(PLACES)('a host that stops after %i notes is followed by one that takes all of it back', async (count) => {
  const { host, until, left } = await stage();
  const { journal } = await until(count, (orchestrator) => orchestrator.interrupt());
  const report = await host(journal).orchestrator.rollBack();
  expect(report.rollback?.steps[0]?.leftBehind.join()).toMatch(
    count === 2 ? /^(?:|what was sent of .* nobody was told)$/ : /^$/,
  );
  if (count !== 2) expect(await left()).toEqual(NOTHING);
});

it.each(PLACES)('a cancel after %i notes leaves nothing', async (count) => {
  const { until, left } = await stage();
  const { report } = await until(count, (orchestrator) => orchestrator.cancel('enough'));
  expect(report.status).toMatch(/^rolled-back|rollback-incomplete$/);
  expect(await left()).toMatchObject({ models: 0, temporary: [] });
  if (count !== 2) expect(await left()).toEqual(NOTHING);
});
