import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { testFolder } from '../../test/start-dataset-backend.js';
import { makeFolder } from './make-folder.js';
import { partOf, removeFolder } from './parts.js';

const fill =
  (text: string) =>
  (folder: string): Promise<void> =>
    writeFile(join(folder, 'a'), text);

it('has one winner when two make the same folder, and leaves nothing of the other one', async () => {
  const root = await testFolder();
  const folder = join(root, 'out');
  const makers = await Promise.allSettled(['1', '2'].map((text) => makeFolder(folder, fill(text))));
  expect(makers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(makers.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'output_exists' } });
  expect(await readdir(root)).toEqual(['out']);
});

it('replaces a folder as a whole, and keeps the old one when the new one cannot be made', async () => {
  const root = await testFolder({ 'out/b': 'old' });
  const folder = join(root, 'out');
  const broken = makeFolder(folder, () => Promise.reject(new Error('no')), { replace: true });
  await expect(broken).rejects.toThrow('no');
  expect(await readFile(join(folder, 'b'), 'utf8')).toBe('old');
  await makeFolder(folder, fill('new'), { replace: true });
  expect([await readdir(root), await readdir(folder)]).toEqual([['out'], ['a']]);
});

it('removes the parts of makers that are gone, and no others', async () => {
  const root = await testFolder({ 'out/a': 'x' });
  const folder = join(root, 'out');
  const host = hostname().replace(/[^\w-]/gu, '-');
  const alive = partOf(folder);
  const others = [`.out.${host}.2147483647.b.part.other`, `.out.elsewhere.2147483647.b.part`];
  for (const name of [`.out.${host}.2147483647.a-b.part`, ...others]) await mkdir(join(root, name));
  await mkdir(alive);
  await removeFolder(folder);
  expect((await readdir(root)).sort()).toEqual([alive.slice(root.length + 1), ...others].sort());
});
