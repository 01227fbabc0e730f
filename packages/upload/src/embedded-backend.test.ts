import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendClient } from '@synapse-steps/backend';
import { startLocalBackend, type LocalBackend } from '@synapse-steps/backend-local';
import { defineStep } from '@synapse-steps/core';
import { describe, expect, it, onTestFinished } from 'vitest';

import { folderOf } from '../test/start-test-backend.js';
import { contextFor, groupOf, uploadGroups } from '../test/upload-run.js';
import type { FileGroup } from './file-group.js';
import type { UploadContext } from './upload-context.js';

const NAMES = ['a', 'b', 'c', 'd'];
const FILES = Object.fromEntries(NAMES.map((name) => [`set/images/${name}.jpg`, `image ${name}`]));
const SEED = `
data_collections:
  - name: Pictures
    file_specifications:
      - { name: images, file_type: image, is_required: true, is_primary: true, extensions: [jpg] }
`;

interface Embedded {
  readonly backend: LocalBackend;
  readonly client: BackendClient;
  readonly groups: FileGroup[];
  readonly dir: string;
}

async function startEmbedded(): Promise<Embedded> {
  const root = await folderOf(FILES);
  const dir = join(root, 'backend');
  const backend = await startLocalBackend({ dir });
  onTestFinished(() => backend.close());
  await writeFile(join(root, 'seed.yaml'), SEED);
  await backend.seed(join(root, 'seed.yaml'));
  const client = new BackendClient({ host: backend.url, token: 'any', retryDelayMs: 20 });
  const groups = NAMES.map((name) => groupOf({ images: join(root, `set/images/${name}.jpg`) }));
  return { backend, client, groups, dir };
}

/** All that is there: ids of data units, data files, and what is on the disk. */
async function contentOf({ url }: LocalBackend, dir: string): Promise<Record<string, unknown>> {
  const list = async (path: string): Promise<number> =>
    ((await (await fetch(`${url}/${path}`)).json()) as { count: number }).count;
  return {
    units: await list('data_units/?data_collection=1'),
    files: await list('data_files/'),
    disk: (await readdir(join(dir, 'files'))).toSorted(),
  };
}

const IN_COLLECTION = { data_collection: 1 };

describe('with the embedded backend', () => {
  it.each([true, false])('a run that fails leaves it as it was (presigned: %s)', async (use_presigned) => {
    const { backend, client, groups, dir } = await startEmbedded();
    const params = { ...IN_COLLECTION, extra_params: { use_presigned } };
    await uploadGroups(contextFor(client, groups.slice(0, 1), params)); // somebody else's, to stay
    const before = await contentOf(backend, dir);
    expect(before).toMatchObject({ units: 1, files: 1 });
    let between: unknown;
    const looks = defineStep<UploadContext>({
      name: 'looks',
      async execute() {
        between = await contentOf(backend, dir);
        throw new Error('mine is broken');
      },
    });
    const { report } = await uploadGroups(contextFor(client, groups, params), [looks]);
    expect(between).toMatchObject({ units: 5, files: 5 });
    expect(report.status).toBe('rolled-back');
    expect(await contentOf(backend, dir)).toEqual(before);
  });

  it('a second upload that skips what is there adds nothing', async () => {
    const { backend, client, groups, dir } = await startEmbedded();
    const params = { ...IN_COLLECTION, extra_params: { skip_existing_checksums: true } };
    await uploadGroups(contextFor(client, groups.slice(1), params));
    const before = await contentOf(backend, dir);
    const { context, report } = await uploadGroups(contextFor(client, groups, params));
    expect(report.success).toBe(true);
    expect(context.dataUnits.map(({ key }) => key)).toEqual(['a']);
    expect(context.leftOutFiles.map(({ key }) => key)).toEqual(['b', 'c', 'd']);
    expect(await contentOf(backend, dir)).toMatchObject({ units: 4, files: 4 });
    expect(before).toMatchObject({ units: 3, files: 3 });
    const third = await uploadGroups(contextFor(client, groups, params));
    expect(third.report.success).toBe(true);
    expect(await contentOf(backend, dir)).toMatchObject({ units: 4, files: 4 });
  });

  it('one that dies in the middle and comes back loses nothing and stores nothing twice', async () => {
    const { backend, client, groups, dir } = await startEmbedded();
    const { port } = backend;
    let next: LocalBackend | undefined;
    const confirm = client.presignedUploads.confirm.bind(client.presignedUploads);
    client.presignedUploads.confirm = async (objects, options) => {
      if (next) return await confirm(objects, options);
      await backend.close();
      next = await startLocalBackend({ dir, port });
      onTestFinished(() => next?.close());
      return await confirm(objects, options);
    };
    const { context } = await uploadGroups(contextFor(client, groups, { ...IN_COLLECTION, upload_batch_size: 2 }));
    expect(context.lostFiles).toEqual([]);
    expect(context.dataUnits.map(({ key }) => key)).toEqual(NAMES);
    expect(await contentOf(next ?? backend, dir)).toMatchObject({ units: 4, files: 4 });
  });
});
