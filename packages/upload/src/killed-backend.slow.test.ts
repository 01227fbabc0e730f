import { join } from 'node:path';

import { BackendClient } from '@synapse-steps/backend';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { defineStep } from '@synapse-steps/core';
import { writeFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';

import { BackendProcess } from '../../backend-local/test/backend-process.js';
import { startFaultyProxy } from '../test/faulty-proxy.js';
import { contentOf, SEED, startEmbeddedBackend } from '../test/start-embedded-backend.js';
import { folderOf } from '../test/start-test-backend.js';
import { contextFor, groupOf, uploadGroups } from '../test/upload-run.js';
import type { UploadContext } from './upload-context.js';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const FILES = Object.fromEntries(NAMES.map((name, index) => [`${name}.jpg`, `image ${name} `.repeat(1 + 40 * index)]));

const fails = defineStep<UploadContext>({
  name: 'mine',
  execute() {
    throw new Error('mine is broken');
  },
});

/** A backend that is killed while it works on the n-th request, and started again at once over the same folder. */
async function startMortal(at: number): Promise<{ client: BackendClient; dir: string; url: () => string }> {
  const dir = join(await folderOf({}), 'backend');
  const first = await startLocalBackend({ dir });
  const seed = join(await folderOf({}), 'seed.yaml');
  await writeFile(seed, SEED);
  await first.seed(seed);
  await first.close();
  let backend = await BackendProcess.start(dir);
  onTestFinished(() => backend.kill());
  let seen = 0;
  const proxy = await startFaultyProxy(() => backend.url, []);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  proxy.afterSend = async () => {
    seen += 1;
    if (seen !== at) return;
    await backend.kill();
    backend = await BackendProcess.start(dir);
  };
  return {
    client: new BackendClient({ host: proxy.url, token: 'any', retryDelayMs: 1500 }),
    dir,
    url: () => backend.url,
  };
}

const cases = [1, 3, 6, 8, 9, 10, 11].flatMap((at) => [true, false].map((goesOn) => [at, goesOn] as const));

it.each(cases)(
  'a backend that is killed at request %i loses nothing and stores nothing twice (goes on: %s)',
  async (at, goesOn) => {
    const root = await folderOf(FILES);
    const { client, dir, url } = await startMortal(at);
    const groups = NAMES.map((name) => groupOf({ images: join(root, `${name}.jpg`) }));
    const params = { data_collection: 1, upload_batch_size: 3, creating_data_unit_batch_size: 3 };
    const { context, report } = await uploadGroups(contextFor(client, groups, params), goesOn ? [] : [fails]);
    const { units, files, contents, incoming } = await contentOf(url(), dir);
    if (!goesOn) {
      expect([report.status, units, files, contents, incoming]).toEqual(['rolled-back', [], [], [], []]);
      return;
    }
    expect([context.lostFiles, context.failedDataUnits]).toEqual([[], []]);
    expect(units.map(({ key }) => key).toSorted()).toEqual(NAMES);
    expect(new Set(context.dataUnits.map(({ id }) => id))).toEqual(new Set(units.map(({ id }) => id)));
    expect([files.length, contents.length]).toEqual([6, 6]);
  },
);

it.each([true, false])(
  'a backend whose disk is full is told as that, and nothing stays (presigned: %s)',
  async (use_presigned) => {
    const { client, root, content } = await startEmbeddedBackend(FILES, [], { keepFreeBytes: 2 ** 60 });
    const groups = NAMES.map((name) => groupOf({ images: join(root, `${name}.jpg`) }));
    const run = await uploadGroups(contextFor(client, groups, { data_collection: 1, extra_params: { use_presigned } }));
    expect(run.report.status).toBe('rolled-back');
    expect(JSON.stringify(run.report)).toContain('507');
    expect(await content()).toEqual({ units: [], files: [], contents: [], incoming: [] });
  },
);
