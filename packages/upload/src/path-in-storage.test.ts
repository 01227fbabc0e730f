import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { folderOf } from '../test/start-test-backend.js';
import { isInside, pathInStorage } from './path-in-storage.js';

it.each([
  ['set', 'set'],
  ['/set', 'set'],
  ['./set//images/', 'set/images'],
  ['set/../set', 'set'],
  ['', ''],
  ['not/there', 'not/there'],
  ['..set', '..set'],
])('takes %j as a path below the storage', async (path, expected) => {
  const folder = await folderOf({ 'set/images/a.jpg': 'a' });
  expect(await pathInStorage(folder, path)).toBe(join(folder, expected));
});

it.each(['..', '../set', 'set/../..', 'set/../../elsewhere/set', '/..'])('refuses %j', async (path) => {
  const folder = await folderOf({ 'set/': '' });
  await expect(pathInStorage(folder, path)).rejects.toMatchObject({
    code: 'path_outside_storage',
    message: expect.stringContaining(`'${path}' leads out of the storage's folder`) as string,
  });
});

it('refuses a link that leads out, and takes one that stays inside', async () => {
  const folder = await folderOf({ 'set/': '' });
  const elsewhere = await folderOf({ 'images/': '' });
  await symlink(elsewhere, join(folder, 'out'));
  await symlink(join(folder, 'set'), join(folder, 'in'));
  await expect(pathInStorage(folder, 'out')).rejects.toMatchObject({ code: 'path_outside_storage' });
  await expect(pathInStorage(folder, 'out/images')).rejects.toMatchObject({ code: 'path_outside_storage' });
  expect(await pathInStorage(folder, 'in')).toBe(join(folder, 'in'));
});

it('does not take a folder with a longer name for one inside', () => {
  expect(isInside('/data/store', '/data/store-two')).toBe(false);
  expect(isInside('/data/store', '/data/store/two')).toBe(true);
  expect(isInside('/data/store', '/data/store')).toBe(true);
});
