import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hashTree } from './hash-tree.js';
import { temporaryFolder } from '../test/run-steps.js';

it('sees a file that came, went, changed or moved, and an empty folder', async () => {
  await using folder = await temporaryFolder();
  const seen = new Set<string>();
  const note = async () => seen.add((await hashTree(folder.path)).hash).size;

  const a = await folder.write('a', 'x');
  expect(await note()).toBe(1);
  await folder.write('a', 'y');
  expect(await note()).toBe(2);
  await rename(a, join(folder.path, 'b'));
  expect(await note()).toBe(3);
  await mkdir(join(folder.path, 'empty'));
  expect(await note()).toBe(4);
  await rm(join(folder.path, 'b'));
  expect(await note()).toBe(5);
});

it('gives the same hash to the same content in another place', async () => {
  await using one = await temporaryFolder();
  await using two = await temporaryFolder();
  await one.write('a', 'x');
  await two.write('a', 'x');
  expect(await hashTree(one.path)).toEqual(await hashTree(two.path));
  expect((await hashTree(one.path)).files).toBe(1);
});
