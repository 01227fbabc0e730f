import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BackendClient } from '@synapse-steps/backend';
import { startLocalBackend, type LocalBackend } from '@synapse-steps/backend-local';
import {
  CollectingLogger,
  defineStep,
  Orchestrator,
  type OrchestratorOptions,
  RuntimeContext,
  StepFailedError,
  StepResult,
  type StepRegistry,
} from '@synapse-steps/core';
import { MemoryJournal } from '@synapse-steps/core/testing';
import { expect, it, onTestFinished } from 'vitest';

import { folderOf } from '../test/start-test-backend.js';
import { BaseUploadAction } from './base-upload-action.js';
import { DefaultUploadAction, uploadProportions } from './default-upload-action.js';
import type { UploadContext } from './upload-context.js';

const FILES = {
  'store/set/images/a.png': pngOf('a'),
  'store/set/images/b.png': pngOf('b'),
  'store/set/images/day/c.png': pngOf('c'),
  'store/set/labels/a.txt': 'cat',
  'store/set/meta.csv': 'filename,label\na.png,cat\nb,dog\n',
};

it('uploads a folder to the embedded backend: files, data units with metadata, result, report', async () => {
  const { client } = await startLocal(FILES);
  const { result, logger } = await upload(client);
  expect(result).toEqual({
    success: true,
    stepsExecuted: 8,
    stepsTotal: 8,
    uploadedFiles: 3,
    dataUnits: 3,
    partialFailure: false,
    lostFilesCount: 0,
    lostFiles: [],
    failedDataUnitsCount: 0,
    failedDataUnits: [],
    leftOutFilesCount: 0,
    leftOutFiles: [],
  });
  const units = await unitsOf(client);
  expect(units.map(({ meta }) => [meta?.['data_unit_key'], meta?.['label']])).toEqual([
    ['a', 'cat'],
    ['b', 'dog'],
    ['c', undefined],
  ]);
  expect(Object.keys(units[0]?.files ?? {})).toEqual(['images', 'labels']);
  const [report] = logger.entries.filter(({ event }) => event === 'import_result_admin');
  expect(report?.data).toMatchObject({
    import_request_id: expect.stringMatching(/^IMP-\d{8}-LOCAL$/) as string,
    total_files: 3,
    success_count: 3,
    entries: [{ original_file_name: 'a', import_status: 'success', data_unit_id: units[0]?.id }, {}, {}],
  });
});

it('leaves nothing on the embedded backend when a later step fails', async () => {
  const { client, local } = await startLocal(FILES);
  await upload(client);
  const before = await contentOf(client, local);
  class Broken extends DefaultUploadAction {
    override setupSteps(registry: StepRegistry<UploadContext>) {
      super.setupSteps(registry);
      const execute = () => StepResult.fail('mine is broken');
      registry.insertBefore('cleanup', defineStep<UploadContext>({ name: 'mine', progressWeight: 0.05, execute }));
    }
  }
  const params = { name: 'Second', storage: 2, data_collection: 1, path: 'other' };
  const error = await new Broken(params, new RuntimeContext({ client })).run().catch((e: unknown) => e);
  if (!StepFailedError.is(error)) throw error;
  expect(error.message).toBe("Step 'mine' failed: mine is broken");
  expect(error.report.rollback?.complete).toBe(true);
  expect(await contentOf(client, local)).toEqual(before);
});

it('runs the steps that a subclass inserts, and lets it say which extensions may be uploaded', async () => {
  const { client } = await startLocal({ ...FILES, 'store/set/images/d.jpg': 'jpeg?' });
  const order: string[] = [];
  class MyUpload extends DefaultUploadAction {
    override allowedExtensions() {
      return { image: ['.PNG'] };
    }

    override setupSteps(registry: StepRegistry<UploadContext>) {
      super.setupSteps(registry);
      const execute = (context: UploadContext) => {
        order.push(...context.organizedFiles.map(({ key }) => key));
        return StepResult.ok();
      };
      registry.insertAfter('organize_files', defineStep<UploadContext>({ name: 'look', progressWeight: 0.1, execute }));
    }
  }
  const params = { name: 'Batch 1', storage: 2, data_collection: 1, path: 'set' };
  const result = await new MyUpload(params, new RuntimeContext({ client })).run();
  expect(order).toEqual(['a', 'b', 'c', 'd']);
  expect(result).toMatchObject({ stepsTotal: 9, dataUnits: 3, leftOutFilesCount: 1 });
  expect(result.leftOutFiles).toMatchObject([
    { code: 'EXTENSION_NOT_ALLOWED', path: expect.stringMatching(/d\.jpg$/) as string },
  ]);
});

it('goes on after a crash from what its journal holds, and can be undone later', async () => {
  const { client, local } = await startLocal(FILES);
  const before = await contentOf(client, local);
  const whole = new MemoryJournal();
  await play(client, { journal: whole });
  expect(JSON.stringify(whole.events)).not.toMatch(/expires_at|contract_version/);
  await playBack(client, whole);
  expect(await contentOf(client, local)).toEqual(before);

  const organised = whole.events.findIndex((event) => event.type === 'step-end' && event.step === 'organize_files');
  const journal = new MemoryJournal();
  await journal.append(whole.events.slice(0, organised + 1));
  const report = await play(client, { journal, history: journal.events });
  expect(report).toMatchObject({ status: 'succeeded', stepsTotal: 8 });
  expect((await unitsOf(client)).map(({ meta }) => meta?.['label'])).toEqual(['cat', 'dog', undefined]);
  await playBack(client, journal);
  expect(await contentOf(client, local)).toEqual(before);
});

it('has the steps, weights and proportions that a backend job expects', async () => {
  const { client } = await startLocal(FILES);
  const params = { name: 'Batch 1', storage: 2, data_collection: 1, path: 'set' };
  const { registry } = await new DefaultUploadAction(params, new RuntimeContext({ client })).prepare();
  expect([...registry].map(({ name, progressWeight }) => [name, progressWeight])).toEqual([
    ['initialize', 0.05],
    ['process_metadata', 0.1],
    ['analyze_collection', 0.05],
    ['organize_files', 0.15],
    ['validate_files', 0.1],
    ['upload_files', 0.3],
    ['generate_data_units', 0.2],
    ['cleanup', 0.05],
  ]);
  expect(registry.totalWeight).toBe(1);
  expect(Object.keys(uploadProportions)).toEqual([...registry].map(({ name }) => name));
  expect(Object.values(uploadProportions).reduce((sum, share) => sum + share, 0)).toBe(100);
});

it('can be described without a backend and without params', async () => {
  const { registry } = await new DefaultUploadAction({} as never).prepare({ checkParams: false });
  expect(registry.size).toBe(8);
});

it('is nothing without steps', async () => {
  const { client } = await startLocal(FILES);
  const params = { name: 'Batch 1', storage: 2, data_collection: 1, path: 'set' };
  await expect(new BaseUploadAction(params, new RuntimeContext({ client })).run()).rejects.toThrow(
    'No steps registered in BaseUploadAction. Override setupSteps() to register workflow steps',
  );
});

async function play(client: BackendClient, options: OrchestratorOptions<UploadContext>) {
  const { registry, context } = await actionOf(client).prepare();
  return await new Orchestrator(registry, context, options).execute();
}

async function playBack(client: BackendClient, journal: MemoryJournal) {
  const { registry, context } = await actionOf(client).prepare();
  return await new Orchestrator(registry, context, { journal, history: journal.events }).rollBack();
}

function actionOf(client: BackendClient) {
  const params = { name: 'Batch 1', storage: 2, data_collection: 1, path: 'set' };
  return new DefaultUploadAction(params, new RuntimeContext({ client }));
}

/** Bytes that begin as a picture does. */
function pngOf(text: string): Uint8Array {
  return Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.from(text)]);
}

async function startLocal(files: Readonly<Record<string, string | Uint8Array>>) {
  const other = { 'store/other/images/x.png': pngOf('x'), 'store/other/images/y.png': pngOf('y') };
  const root = await folderOf({ ...files, ...other, 'seed.yaml': SEED });
  const local: LocalBackend = await startLocalBackend({ dir: join(root, 'backend'), token: 'token' });
  onTestFinished(() => local.close());
  await local.seed(join(root, 'seed.yaml'));
  const client = new BackendClient({ host: local.url, token: 'token', retryDelayMs: 1 });
  return { client, local, root };
}

const SEED = `storages: [{ name: disk, location: store, is_default: true }]
data_collections:
  - name: Set
    file_specifications:
      - { name: images, is_required: true, is_primary: true, file_type: image, extensions: [png, jpg] }
      - { name: labels, is_required: false, file_type: text, extensions: [txt] }
`;

async function upload(client: BackendClient) {
  const logger = new CollectingLogger();
  const params = { name: 'Batch 1', storage: 2, data_collection: 1, path: 'set' };
  const result = await new DefaultUploadAction(params, new RuntimeContext({ client, logger })).run();
  return { result, logger };
}

async function unitsOf(client: BackendClient) {
  const units = [];
  for await (const unit of client.dataUnits.list({ dataCollection: 1 })) units.push(unit);
  return units.toReversed();
}

/** What the backend holds: its units, and the bytes of its files. */
async function contentOf(client: BackendClient, local: LocalBackend): Promise<unknown> {
  const units = (await unitsOf(client)).map(({ id, meta }) => ({ id, meta }));
  const files = await readdir(join(local.dir, 'files'), { recursive: true });
  return { units, files: files.toSorted() };
}
