import { appendFile, mkdir, readFile, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { unpackZip } from '../checkpoint/unpack-zip.js';
import { folderOf } from '../../test/train-run.js';
import { packModel } from './pack-model.js';

const { signal } = new AbortController();

async function stage(files: Readonly<Record<string, string>>) {
  const root = await folderOf({ 'run/': '', 'out/': '', ...files });
  const pack = (onBytes?: (bytes: number) => void) =>
    packModel(join(root, 'run'), join(root, 'model.zip'), { signal, ...(onBytes && { onBytes }) });
  const unpack = async () => {
    await unpackZip(join(root, 'model.zip'), join(root, 'out'), { signal });
    return join(root, 'out');
  };
  return { root, run: join(root, 'run'), pack, unpack };
}

describe('what is packed can be unpacked', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['names that differ only in case', { 'run/A.bin': '1', 'run/a.bin': '2' }],
    [
      'names in many scripts, and of many characters',
      { 'run/모델/가중치 (1) ü.bin': '1', [`run/${'x'.repeat(200)}`]: '2' },
    ],
    ['names that look like drives and options', { 'run/-rf': '1', 'run/con:': '2', 'run/...': '3', 'run/..x': '4' }],
    ['an empty file beside others', { 'run/__init__.py': '', 'run/a.bin': '1' }],
  ])('with %s', async (_, files) => {
    const { pack, unpack } = await stage(files);
    await pack();
    const out = await unpack();
    for (const [name, content] of Object.entries(files)) {
      expect(await readFile(join(out, name.slice('run/'.length)), 'utf8')).toBe(content);
    }
  });

  it.each([['1970-01-01T00:00:00Z'], ['2200-01-01T00:00:00Z']])('with a file of %s', async (time) => {
    const { run, pack, unpack } = await stage({ 'run/a.bin': '1' });
    await utimes(join(run, 'a.bin'), new Date(time), new Date(time));
    await pack();
    expect(await readFile(join(await unpack(), 'a.bin'), 'utf8')).toBe('1');
  });

  it('with a link to a file beside it, as a file', async () => {
    const { run, pack, unpack } = await stage({ 'run/epoch-3.bin': '3' });
    await symlink('epoch-3.bin', join(run, 'best.bin'));
    await pack();
    expect(await readFile(join(await unpack(), 'best.bin'), 'utf8')).toBe('3');
  });
});

it('where the archive cannot be written, the error says where that is, and what to do', async () => {
  const { root, run } = await stage({ 'run/a.bin': '1' });
  await expect(packModel(run, join(root, 'gone/model.zip'), { signal })).rejects.toMatchObject({
    code: 'archive_not_written',
    message: expect.stringMatching(/gone\/model\.zip: ENOENT.* Make room there, or set TMPDIR/) as string,
  });
});

describe('what cannot be packed is named', () => {
  it('when a name has a backslash', async () => {
    const { pack } = await stage({ 'run/a\\b.bin': '1', 'run/z.bin': '2' });
    await expect(pack()).rejects.toThrow(/a\\b\.bin .*backslash.* Rename it/);
  });

  it('when a name begins as a drive does', async () => {
    const { pack } = await stage({ 'run/c:.bin': '1' });
    await expect(pack()).rejects.toThrow(/c:\.bin .*drive.* Rename it/);
  });

  it('when it is a pipe, a link to itself or a link to a folder', async () => {
    const { run, pack } = await stage({ 'run/sub/a.bin': '1' });
    await symlink('loop', join(run, 'loop'));
    await expect(pack()).rejects.toThrow(/loop is a link that leads nowhere/);
    await rm(join(run, 'loop'));
    await symlink('sub', join(run, 'also'));
    await expect(pack()).rejects.toThrow(/also is a link to a folder/);
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['grows', (path) => appendFile(path, 'more')],
    ['gets shorter', (path) => truncate(path, 10)],
    ['goes', (path) => rm(path)],
    ['becomes a folder', (path) => rm(path).then(() => mkdir(path))],
  ])('when a file %s while the one before it is packed', { timeout: 20_000 }, async (_, change) => {
    const { run, pack } = await stage({ 'run/z.bin': 'z'.repeat(100) });
    await writeFile(join(run, 'a.bin'), Buffer.alloc(4_000_000, 'abc'));
    let changed: Promise<unknown> | undefined;
    await expect(pack(() => void (changed ??= change(join(run, 'z.bin'))))).rejects.toThrow(/z\.bin/);
    await changed;
  });
});
