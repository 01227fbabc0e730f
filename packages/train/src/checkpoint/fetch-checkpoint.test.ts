import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { makeZip, type ZipPart } from '../../../../test-fixtures/zip/make-zip.js';
import { folderOf, startTestBackend, type TestBackend } from '../../test/train-run.js';
import { fetchCheckpoint } from './fetch-checkpoint.js';

interface Stage extends TestBackend {
  readonly cacheFolder: string;
  readonly fetch: () => ReturnType<typeof fetchCheckpoint>;
}

/** A backend whose model 8 has this file. */
async function stageWith(file: Buffer, model: object = {}): Promise<Stage> {
  const served = { 'base.zip': { base64: file.toString('base64') } };
  const models = {
    8: { id: 8, name: 'base model', category: null, file: '{backend}/_files/base.zip?signed=1', ...model },
  };
  const backend = await startTestBackend({ state: { models, served_files: served } });
  const cacheFolder = await folderOf();
  const { signal } = new AbortController();
  return { ...backend, cacheFolder, fetch: () => fetchCheckpoint(8, { client: backend.client, signal, cacheFolder }) };
}

const honest = makeZip([
  { name: 'weights.txt', content: 'w' },
  { name: 'logs/loss.csv', content: '1,2' },
]);

describe('a model to start from', () => {
  it('is unpacked, and without a word of the backend it is a base model', async () => {
    const { fetch, cacheFolder } = await stageWith(honest);
    const checkpoint = await fetch();
    expect(checkpoint).toMatchObject({ category: 'base', id: 8, name: 'base model' });
    expect(await readFile(join(checkpoint.path, 'logs/loss.csv'), 'utf8')).toBe('1,2');
    expect(await readdir(cacheFolder)).toHaveLength(2); // the folder, and the list of what is in it
  });

  it('is taken again as it is, by an address that only its signature changes', async () => {
    const { fetch, paths } = await stageWith(honest);
    const first = await fetch();
    expect(await fetch()).toEqual(first);
    expect(paths().filter((path) => path.includes('/_files/'))).toHaveLength(1);
  });

  it.each([
    ['changed', (path: string) => writeFile(join(path, 'weights.txt'), 'x')],
    ['cut short', (path: string) => writeFile(join(path, 'weights.txt'), '')],
    ['more than before', (path: string) => writeFile(join(path, 'more.txt'), '')],
    ['less than before', (path: string) => rm(join(path, 'logs'), { recursive: true })],
    ['gone', (path: string) => rm(path, { recursive: true })],
    ['of a list that was cut off', (path: string) => writeFile(`${path}.json`, '{"fil')],
    ['of a list that does not fit', (path: string) => appendFile(`${path}.json`, ' 1')],
  ])('TA-12: is unpacked anew when what was kept is %s', async (_, spoil) => {
    const { fetch, paths, cacheFolder } = await stageWith(honest);
    const { path } = await fetch();
    await spoil(path);
    await fetch();
    expect(await readdir(path)).toEqual(['logs', 'weights.txt']);
    expect(await readFile(join(path, 'weights.txt'), 'utf8')).toBe('w');
    expect(paths().filter((each) => each.includes('/_files/'))).toHaveLength(2);
    expect(await readdir(cacheFolder)).toHaveLength(2);
  });

  it('may be fetched by two at once', async () => {
    const { fetch, cacheFolder } = await stageWith(honest);
    const [one, other] = await Promise.all([fetch(), fetch()]);
    expect(one).toEqual(other);
    expect(await readdir(one.path)).toEqual(['logs', 'weights.txt']);
    expect(await readdir(cacheFolder)).toHaveLength(2);
  });

  it.each<[string, ZipPart[] | Buffer, string]>([
    ['leads out of the folder', [{ name: '../evil.txt', content: 'x' }], 'invalid relative path'],
    ['is absolute', [{ name: '/tmp/evil.txt', content: 'x' }], 'absolute path'],
    ['leads out by a backslash', [{ name: '..\\evil.txt', content: 'x' }], 'invalid characters'],
    ['is a link', [{ name: 'link', content: '/etc/passwd', mode: 0o120777 }], "'link' is a link or a device"],
    [
      'comes twice',
      [
        { name: 'a.txt', content: 'x' },
        { name: 'a.txt', content: 'y' },
      ],
      "it holds 'a.txt' twice",
    ],
    ['is larger than it says', [{ name: 'a.txt', content: 'x'.repeat(9000), statedSize: 5 }], 'too many bytes'],
    ['would fill the disk', [{ name: 'a.txt', content: 'x', statedSize: 2 ** 32 - 2 }], 'it looks like a zip bomb'],
    ['is no zip', Buffer.from('no zip at all, but long enough to be one'), 'Either not a zip file'],
  ])('is refused, and leaves nothing, when a file in it %s', async (_, parts, text) => {
    const { fetch, cacheFolder } = await stageWith(Buffer.isBuffer(parts) ? parts : makeZip(parts));
    const error = await fetch().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'checkpoint_not_usable' });
    expect(String(error)).toContain(text);
    expect(String(error)).toContain('model 8');
    expect(await readdir(cacheFolder)).toEqual([]);
  });

  it('that has no file is refused', async () => {
    const { fetch } = await stageWith(honest, { file: null });
    await expect(fetch()).rejects.toMatchObject({ code: 'checkpoint_not_usable' });
  });

  it('that cannot be downloaded is the backend’s failure', async () => {
    const { fetch, cacheFolder } = await stageWith(honest, { file: '{backend}/_files/gone.zip' });
    await expect(fetch()).rejects.toMatchObject({ status: 404 });
    expect(await readdir(cacheFolder)).toEqual([]);
  });
});
