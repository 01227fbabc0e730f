import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { eventOf, PICTURE, startDatasetBackend, testFolder } from '../../test/start-dataset-backend.js';
import { downloadDataset } from './download-dataset.js';

const COUNT = 30;
const names = Array.from({ length: COUNT }, (_, index) => `p${index}.png`);
const events = names.map((name, index) => eventOf(index + 1, name));
const files = Object.fromEntries(names.map((name) => [name, { base64: PICTURE }]));

async function picturesIn(folder: string): Promise<string[]> {
  return (await readdir(join(folder, 'original_files'))).sort();
}

describe('a download that goes wrong', () => {
  it('leaves nothing when it is stopped, and says why', async () => {
    const root = await testFolder();
    const { client } = await startDatasetBackend({ events, files });
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ percent }: { percent: number }): void => void (percent > 20 && stop.abort(reason));
    const options = { client, dataset: 11, outputDir: join(root, 'out'), signal: stop.signal, onProgress };
    await expect(downloadDataset(options)).rejects.toBe(reason);
    expect(await readdir(root)).toEqual([]);
  });

  it('is whole or not there, whatever happens on the way', async () => {
    const fault = fc.record({
      method: fc.constant('GET'),
      path: fc.constantFrom('/_files/*', '/sdk/ground_truth_events/'),
      nth: fc.integer({ min: 1, max: COUNT }),
      times: fc.integer({ min: 1, max: 6 }),
      status: fc.constantFrom(0, 403, 404, 429, 500, 503),
      truncated: fc.boolean(),
    });
    const property = fc.asyncProperty(fc.array(fault, { maxLength: 3 }), async (faults) => {
      const root = await testFolder();
      const { client } = await startDatasetBackend({ events, files, faults });
      const outputDir = join(root, 'out');
      const outcome = await downloadDataset({ client, dataset: 11, outputDir, concurrency: 4 }).catch(
        (error: unknown) => error,
      );
      if (outcome instanceof Error) {
        expect(await readdir(root)).toEqual([]);
        return;
      }
      const pictures = await picturesIn(outputDir);
      expect([pictures.length, (await readdir(join(outputDir, 'json'))).length]).toEqual([COUNT, COUNT]);
      for (const name of pictures) {
        expect((await readFile(join(outputDir, 'original_files', name))).toString('base64')).toBe(PICTURE);
      }
    });
    await fc.assert(property, { numRuns: 25 });
  });

  it.each([
    { splits: undefined, events: [], message: /has no events\./ },
    { splits: { night: {} }, events, message: /no events in the splits night/ },
  ])('says that there is nothing: $message', async ({ message, ...given }) => {
    const { client } = await startDatasetBackend({ events: given.events, files });
    const root = await testFolder();
    const { splits } = given;
    const download = downloadDataset({ client, dataset: 11, splits, outputDir: join(root, 'out') });
    await expect(download).rejects.toMatchObject({
      code: 'dataset_empty',
      message: expect.stringMatching(message) as string,
    });
    expect(await readdir(root)).toEqual([]);
  });

  it('leaves nothing in a cache when nothing had arrived', async () => {
    const { client } = await startDatasetBackend({ events: [], files });
    const cacheDir = await testFolder();
    await expect(downloadDataset({ client, dataset: 11, cacheDir })).rejects.toMatchObject({ code: 'dataset_empty' });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it.each(['../up', 'a/b', '', '.hidden', 'a\nb'])('refuses the split %j, that would lead elsewhere', async (split) => {
    const { client, server } = await startDatasetBackend({ events, files });
    const root = await testFolder();
    const download = downloadDataset({ client, dataset: 11, splits: { [split]: {} }, outputDir: join(root, 'out') });
    await expect(download).rejects.toMatchObject({ code: 'params_invalid' });
    expect(server.requests).toEqual([]);
  });
});

describe('an event', () => {
  it('without a picture is named by its id, also when that is no name', async () => {
    const { client } = await startDatasetBackend({
      events: [
        { id: 7, files: {} },
        { id: '../x', files: {}, data: null },
      ],
    });
    const outputDir = join(await testFolder(), 'out');
    expect(await downloadDataset({ client, dataset: 11, outputDir })).toMatchObject({ count: 2 });
    const [first, second] = (await readdir(join(outputDir, 'json'))).sort();
    expect([first, second?.length]).toEqual(['7.json', '.json'.length + 32]);
  });

  it('has the size of its picture, also where that stands behind more than was looked at while it came', async () => {
    const metadata = Buffer.concat([Buffer.from([0xff, 0xe1, 0xff, 0xff]), Buffer.alloc(65_533)]);
    const frame = Buffer.from([0xff, 0xc0, 0, 17, 8, 0, 10, 0, 20, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xd9]);
    const start = Buffer.from([0xff, 0xd8]);
    const pictures = [1, 9].map((count) => Buffer.concat([start, ...Array<Buffer>(count).fill(metadata), frame]));
    const { client } = await startDatasetBackend({
      events: pictures.map((_, index) => eventOf(index, `${index}.jpg`)),
      files: Object.fromEntries(pictures.map((bytes, index) => [`${index}.jpg`, { base64: bytes.toString('base64') }])),
    });
    const { leftOut, path } = await downloadDataset({
      client,
      dataset: 11,
      outputDir: join(await testFolder(), 'out'),
    });
    expect([leftOut, await picturesIn(path)]).toMatchObject([[], { length: 2 }]);
  });

  it('keeps the coordinates of its file of annotations, and tells of a broken picture', async () => {
    const meta = {
      annotations: {
        image: [
          { id: 'a', tool: 'bounding_box', classification: { class: 'car' } },
          { id: 'e', tool: 'keypoint', classification: { class: 'k' }, data: [1, 2] },
          { id: 'p', tool: 'polygon', classification: 'road' },
        ],
      },
      annotationsData: {
        image: [
          { id: 'a', coordinate: { x: 1, y: 2, width: 3, height: 4 } },
          { id: 'p', coordinate: { points: [[0, 0], [4, 0], [4, 4]] } }, // prettier-ignore
        ],
      },
    };
    const urls = { image_1: { url: '{backend}/_files/one.png' }, data_meta_1: { url: '{backend}/_files/meta.json' } };
    const { client, nameOf } = await startDatasetBackend({
      events: [{ id: 1, files: urls, data: {} }],
      files: { 'one.png': { text: 'no picture' }, 'meta.json': { text: JSON.stringify(meta) } },
    });
    const outputDir = join(await testFolder(), 'out');
    const { leftOutCounts } = await downloadDataset({ client, dataset: 11, outputDir });
    const document: unknown = JSON.parse(await readFile(join(outputDir, 'json', `${nameOf('one.png')}.json`), 'utf8'));
    expect(document).toMatchObject({
      images: [
        {
          bounding_box: [{ id: 'a', classification: 'car', data: [1, 2, 3, 4] }],
          polygon: [{ data: [[0, 0], [4, 0], [4, 4]] }], // prettier-ignore
          keypoint: [{ id: 'e', classification: 'k', data: [1, 2] }],
        },
      ],
    });
    expect(leftOutCounts).toEqual({ picture_broken: 1 });
  });
});
