import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { describe, expect, it, onTestFinished } from 'vitest';

import { eventOf, PICTURE, startDatasetBackend, testFolder } from '../../test/start-dataset-backend.js';
import { eventFileKey } from './data-identity.js';
import { downloadDataset } from './download-dataset.js';

const COUNT = 30;
const names = Array.from({ length: COUNT }, (_, index) => `p${index}.png`);
const events = names.map((name, index) => eventOf(index + 1, name));
const files = Object.fromEntries(names.map((name) => [name, { base64: PICTURE }]));

/** How the list of fetched files names the picture of an event. */
function keyOf(index: number, backend: string): string {
  const files = { image_1: { url: `${backend}/_files/p${index}.png` } };
  return eventFileKey({ id: index + 1, files }, { backend: '', key: 'image_1' });
}

/** The same events, at addresses that were signed anew. */
function signed(signature: string): typeof events {
  return events.map((event, index) => {
    const url = `{backend}/_files/p${index}.png?signature=${signature}&expires=${signature.length}`;
    return { ...event, files: { image_1: { url, is_primary: true, file_type: 'image' } } };
  });
}

async function picturesIn(folder: string): Promise<string[]> {
  return (await readdir(join(folder, 'original_files'))).sort();
}

describe('a download into a cache', () => {
  it('goes on with the files that had arrived when it was cut off', async () => {
    const cacheDir = await testFolder();
    const fault = { method: 'GET', path: '/_files/p29.png', status: 404, times: 1 };
    const { server, client } = await startDatasetBackend({ events, files, faults: [fault] });
    const options = { client, dataset: 11, cacheDir, concurrency: 3 };
    await expect(downloadDataset(options)).rejects.toMatchObject({ code: 'download_failed' });
    expect(await readdir(cacheDir)).toEqual(['.11.kept']);
    const before = server.requests.length;
    expect(await downloadDataset(options)).toMatchObject({ count: COUNT, reused: false });
    const again = server.requests.slice(before).filter(({ path }) => path.startsWith('/_files/'));
    expect(again.length).toBeLessThanOrEqual(3);
    expect(await readdir(cacheDir)).toEqual(['11']);
    expect(await picturesIn(join(cacheDir, '11'))).toHaveLength(COUNT);
  });

  it('goes on, and is found again, at addresses with another port and another signature', async () => {
    const cacheDir = await testFolder();
    const faults = [{ method: 'GET', path: '/_files/p29.png', status: 404, times: 1 }];
    const first = await startDatasetBackend({ events: signed('one'), files, faults });
    const cutOff = downloadDataset({ client: first.client, dataset: 11, cacheDir, concurrency: 3 });
    await expect(cutOff).rejects.toMatchObject({ code: 'download_failed' });
    const [second, third] = [
      await startDatasetBackend({ events: signed('two'), files }),
      await startDatasetBackend({ events: signed('three'), files }),
    ];
    const made = await downloadDataset({ client: second.client, dataset: 11, cacheDir });
    expect(made).toMatchObject({ count: COUNT, reused: false });
    expect(second.server.requests.filter(({ path }) => path.startsWith('/_files/')).length).toBeLessThanOrEqual(3);
    const again = await downloadDataset({ client: third.client, dataset: 11, cacheDir });
    expect(again).toMatchObject({ path: made.path, reused: true });
    expect(await readdir(cacheDir)).toEqual(['11']);
  });

  it('goes on with what several others had fetched, and fetches nothing twice', async () => {
    const cacheDir = await testFolder();
    const faults = ['p9.png', 'p19.png'].map((name) => ({
      method: 'GET',
      path: `/_files/${name}`,
      status: 404,
      times: 1,
    }));
    const { server, client } = await startDatasetBackend({ events, files, faults });
    const options = { client, dataset: 11, cacheDir, concurrency: 1 };
    await expect(downloadDataset(options)).rejects.toMatchObject({ code: 'download_failed' });
    await expect(downloadDataset(options)).rejects.toMatchObject({ code: 'download_failed' });
    const { path } = await downloadDataset(options);
    const fetched = server.requests.flatMap(({ path: at }) => (at.startsWith('/_files/') ? [at] : []));
    expect(fetched).toHaveLength(COUNT + 2);
    expect(new Set(fetched).size).toBe(COUNT);
    expect(await readdir(cacheDir)).toEqual(['11']);
    expect((await readdir(path)).sort()).toEqual(['.complete', 'json', 'original_files']);
    expect(await picturesIn(path)).toHaveLength(COUNT);
  });

  it('takes of a killed process what its list names and what is as long as that says, and no more', async () => {
    const { server, client, nameOf } = await startDatasetBackend({ events, files });
    const [whole, short, unlisted, torn] = ['p0.png', 'p1.png', 'p2.png', 'p3.png'].map(
      (name) => `${nameOf(name)}.png`,
    );
    const bytes = Buffer.from(PICTURE, 'base64');
    const line = (name = '', index = 0): string =>
      JSON.stringify([keyOf(index, server.url), `original_files/${name}`, bytes.length]);
    const host = hostname().replace(/[^\w-]/gu, '-');
    const part = `.11.${host}.2147483647.a-b.part`;
    const cacheDir = await testFolder({
      [`${part}/original_files/${whole}`]: bytes,
      [`${part}/original_files/${short}`]: bytes.subarray(0, 40),
      [`${part}/original_files/${unlisted}`]: bytes.subarray(0, 40),
      [`${part}/original_files/${torn}`]: bytes,
      [`${part}/.fetched`]: `${line(whole, 0)}\n${line(short, 1)}\n${line(torn, 3).slice(0, 30)}`,
    });
    const { path } = await downloadDataset({ client, dataset: 11, cacheDir });
    const fetched = server.requests.flatMap(({ path: at }) => (at.startsWith('/_files/') ? [at] : []));
    expect(fetched).toHaveLength(COUNT - 1);
    expect(fetched).not.toContain('/_files/p0.png');
    expect(await readdir(cacheDir)).toEqual(['11']);
    for (const name of await picturesIn(path)) {
      expect((await readFile(join(path, 'original_files', name))).equals(bytes)).toBe(true);
    }
  });

  it('is made once by many who want it at the same time', async () => {
    const cacheDir = await testFolder();
    const { client } = await startDatasetBackend({ events, files });
    const made = await Promise.all([1, 2, 3].map(() => downloadDataset({ client, dataset: 11, cacheDir })));
    expect(new Set(made.map(({ path }) => path))).toEqual(new Set([join(cacheDir, '11')]));
    expect(made.map(({ count }) => count)).toEqual([COUNT, COUNT, COUNT]);
    expect((await readdir(cacheDir)).filter((name) => !name.endsWith('.kept'))).toEqual(['11']);
  });

  it('warns of nothing, however many files travel at once', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const { client } = await startDatasetBackend({ events, files });
    await downloadDataset({ client, dataset: 11, cacheDir: await testFolder(), concurrency: COUNT });
    await setImmediate();
    expect(warnings).toEqual([]);
  });

  it('is made of what a killed process left by several at once', async () => {
    const { server, client, nameOf } = await startDatasetBackend({ events, files });
    const host = hostname().replace(/[^\w-]/gu, '-');
    const line = JSON.stringify([keyOf(0, server.url), `original_files/${nameOf('p0.png')}.png`, 1]);
    const cacheDir = await testFolder({ [`.11.${host}.2147483647.a-b.part/.fetched`]: `${line}\n` });
    const made = await Promise.all([1, 2, 3].map(() => downloadDataset({ client, dataset: 11, cacheDir })));
    expect(made.map(({ count }) => count)).toEqual([COUNT, COUNT, COUNT]);
    expect(await picturesIn(join(cacheDir, '11'))).toHaveLength(COUNT);
  });

  it('is another one with other conditions', async () => {
    const cacheDir = await testFolder();
    const { client } = await startDatasetBackend({ events, files });
    const paths: string[] = [];
    for (const splits of [{ train: {} }, { train: { tag: 'x' } }, { train: { tag: 'y' } }, { train: { tag: 'x' } }]) {
      paths.push((await downloadDataset({ client, dataset: 11, splits, cacheDir })).path);
    }
    expect(paths[0]).toBe(join(cacheDir, '11_train'));
    expect(paths[3]).toBe(paths[1]);
    expect(new Set(paths).size).toBe(3);
  });
});
