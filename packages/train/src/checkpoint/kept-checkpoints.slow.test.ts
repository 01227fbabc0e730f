import { mkdir, open, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { makeZip, type ZipPart } from '../../../../test-fixtures/zip/make-zip.js';
import { folderOf, startTestBackend } from '../../test/train-run.js';
import { fetchCheckpoint } from './fetch-checkpoint.js';
import { unpackedFolder } from './unpacked-folder.js';
import { unpackZip } from './unpack-zip.js';

const { signal } = new AbortController();
const FILES = [{ name: 'a.bin', size: 1, sha256: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb' }];

const make = async (folder: string) => {
  await writeFile(join(folder, 'a.bin'), 'a');
  return FILES;
};

describe('a folder of an unpacked model', () => {
  it('stays under the feet of whoever has it, while a slower one comes to an end', async () => {
    const folder = join(await folderOf(), 'model');
    let file: Awaited<ReturnType<typeof open>> | undefined;
    const before: { ino?: bigint } = {};
    await unpackedFolder(folder, async (part) => {
      await unpackedFolder(folder, make); // the faster one
      file = await open(join(folder, 'a.bin'));
      before.ino = (await file.stat({ bigint: true })).ino;
      return await make(part);
    });
    onTestFinished(() => file?.close());
    const after = await open(join(folder, 'a.bin'));
    onTestFinished(() => after.close());
    expect((await after.stat({ bigint: true })).ino).toBe(before.ino);
  });

  it('is made where a process that was killed has left its half, which goes after a day', async () => {
    const root = await folderOf({
      'x.zip': 'half',
      'm.1.part/a.bin': 'a',
      'm.1.part.json': '{',
      'm.2.part/a.bin': 'a',
    });
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
    for (const name of ['x.zip', 'm.1.part', 'm.1.part.json']) await utimes(join(root, name), yesterday, yesterday);
    await unpackedFolder(join(root, 'm'), make);
    expect((await readdir(root)).toSorted()).toEqual(['m', 'm.2.part', 'm.json']);
  });
});

describe('an archive', () => {
  async function unpack(parts: readonly ZipPart[] | Buffer) {
    const root = await folderOf({ 'out/': '' });
    await writeFile(join(root, 'a.zip'), Buffer.isBuffer(parts) ? parts : makeZip(parts));
    await unpackZip(join(root, 'a.zip'), join(root, 'out'), { signal });
    return join(root, 'out');
  }

  it.each<[string, ZipPart[] | Buffer, RegExp]>([
    ['with an absolute name of Windows', [{ name: 'C:/evil.txt', content: 'x' }], /absolute path/],
    ['with a name that leads out in its middle', [{ name: 'a/../../evil.txt', content: 'x' }], /invalid relative path/],
    [
      'with a file that is a folder, too',
      [
        { name: 'a', content: 'x' },
        { name: 'a/b', content: 'y' },
      ],
      /EEXIST|ENOTDIR/,
    ],
    ['with a device', [{ name: 'null', content: '', mode: 0o020666 }], /'null' is a link or a device/],
    ['with a pipe', [{ name: 'pipe', content: '', mode: 0o010666 }], /'pipe' is a link or a device/],
    ['of a stated size that is too large', [{ name: 'a', content: 'x', statedSize: 5 }], /not enough bytes/],
    [
      'whose content is damaged',
      [{ name: 'a', content: 'xyz', packed: Buffer.from('ff', 'hex') }],
      /invalid|unexpected/,
    ],
    ['that is encrypted', encrypted(), /encrypted/],
    ['that is empty', Buffer.alloc(0), /not a zip file/],
  ])('%s is refused', async (_, parts, text) => {
    await expect(unpack(parts)).rejects.toThrow(text);
  });

  it('may have names that differ only in case', async () => {
    const out = await unpack([
      { name: 'A.txt', content: '1' },
      { name: 'a.txt', content: '2' },
    ]);
    expect(await Promise.all(['A.txt', 'a.txt'].map((name) => readFile(join(out, name), 'utf8')))).toEqual(['1', '2']);
  });
});

it('where there is no room for a model, the error says where, and not that the model is bad', async () => {
  const models = { 8: { id: 8, file: '{backend}/_files/base.zip' } };
  const served = { 'base.zip': { base64: makeZip([{ name: 'a', content: 'x' }]).toString('base64') } };
  const { client } = await startTestBackend({ state: { models, served_files: served } });
  const cacheFolder = await folderOf();
  const toFile = vi.spyOn(client.downloads, 'toFile');
  toFile.mockRejectedValue(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
  await expect(fetchCheckpoint(8, { client, signal, cacheFolder })).rejects.toThrow(
    `it cannot be unpacked in ${cacheFolder}: ENOSPC: no space left on device, write. Make room there`,
  );
  await mkdir(cacheFolder, { recursive: true });
  expect(await readdir(cacheFolder)).toEqual([]);
});

/** A zip whose directory says that its file is encrypted. */
function encrypted(): Buffer {
  const zip = makeZip([{ name: 'a', content: 'x' }]);
  const directory = zip.indexOf(Buffer.from('504b0102', 'hex'));
  zip.writeUInt16LE(zip.readUInt16LE(directory + 8) | 1, directory + 8);
  return zip;
}
