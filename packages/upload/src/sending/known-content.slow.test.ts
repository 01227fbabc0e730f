import { join } from 'node:path';

import { expect, it } from 'vitest';

import { startEmbeddedBackend } from '../../test/start-embedded-backend.js';
import { contextFor, groupOf, uploadGroups } from '../../test/upload-run.js';

const FILES = { 'a.jpg': 'image a', 'b.jpg': 'image b' };

it.each([true, false])(
  'what another collection has is not sent again, and becomes data units here (presigned: %s)',
  async (use_presigned) => {
    const { client, root, content, proxy } = await startEmbeddedBackend(FILES);
    const groups = ['a', 'b'].map((name) => groupOf({ images: join(root, `${name}.jpg`) }));
    const send = (data_collection: number, first: boolean) =>
      uploadGroups(
        contextFor(client, groups, {
          data_collection,
          extra_params: { use_presigned: first === use_presigned, skip_existing_checksums: true },
        }),
      );
    await send(1, true);
    const sent = proxy.log.length;
    for (const made of [2, 0]) {
      const { context, report } = await send(2, false);
      expect([report.success, context.dataUnits.length, context.leftOutFiles.length]).toEqual([true, made, 2 - made]);
    }
    expect(proxy.log.slice(sent).filter((line) => /^PUT|POST \/data_files\/ |confirm/.test(line))).toEqual([]);
    const { units, files } = await content();
    expect(files).toHaveLength(2);
    expect(units.map(({ key, collection }) => [key, collection])).toEqual([
      ['b', 2],
      ['a', 2],
      ['b', 1],
      ['a', 1],
    ]);
  },
);

it('files that an upload left without data units become some', async () => {
  const { client, root, content } = await startEmbeddedBackend(FILES);
  for (const name of ['a', 'b'])
    await client.dataFiles.upload(await (await import('@synapse-steps/backend')).fileSource(join(root, `${name}.jpg`)));
  const groups = ['a', 'b'].map((name) => groupOf({ images: join(root, `${name}.jpg`) }));
  const params = { data_collection: 1, extra_params: { skip_existing_checksums: true } };
  const { context } = await uploadGroups(contextFor(client, groups, params));
  expect(context.dataUnits.map(({ key }) => key)).toEqual(['a', 'b']);
  expect(await content()).toMatchObject({ units: [{ key: 'b' }, { key: 'a' }], files: [{ id: 2 }, { id: 1 }] });
});

it('they are lost, and named, when nobody can say whether there are data units', async () => {
  const { client, root, proxy } = await startEmbeddedBackend(FILES);
  const groups = ['a', 'b'].map((name) => groupOf({ images: join(root, `${name}.jpg`) }));
  const params = { data_collection: 1, extra_params: { skip_existing_checksums: true } };
  await uploadGroups(contextFor(client, groups, params));
  proxy.faults.add({ method: 'GET', path: '/data_units/', status: 400, times: 99 });
  const { context, report } = await uploadGroups(contextFor(client, groups, params));
  expect(report.success).toBe(false);
  expect(context.leftOutFiles).toEqual([]);
});
