import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processEnvironment } from '@synapse-steps/bridge/process';
import { expect, it, onTestFinished } from 'vitest';
import { EnvironmentLock } from './environment-lock.js';
import { environmentPlace, writeMark } from './environment-store.js';
import { clearPythonEnvironments, listPythonEnvironments } from './kept-environments.js';

const DAY = 86_400_000;

const key = (digit: string): string => `py3.11-${digit.repeat(20)}`;

async function cacheFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kept-environments-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  return folder;
}

async function addEnvironment(cache: string, name: string, days: number): Promise<void> {
  const place = environmentPlace(join(cache, name));
  await mkdir(join(place.folder, 'env-1/bin'), { recursive: true });
  const made = new Date(0).toISOString();
  await writeMark(place, { environment: 'env-1', python: '3.11.7', installer: 'pip 24', requirements: '/r.txt', made });
  const used = new Date(Date.now() - days * DAY);
  await utimes(place.mark, used, used);
}

it('environments are listed, the last used first, and cleared when they were not used for long', async () => {
  const cache = await cacheFolder();
  await addEnvironment(cache, key('a'), 40);
  await addEnvironment(cache, key('b'), 1);
  await mkdir(join(cache, key('c'), 'env-9'), { recursive: true });
  await writeFile(join(cache, 'of-somebody-else'), '');
  const listed = await listPythonEnvironments({ cacheFolder: cache });
  expect(listed.map(({ folder, isComplete }) => [folder, isComplete])).toEqual([
    [join(cache, key('c')), false],
    [join(cache, key('b')), true],
    [join(cache, key('a')), true],
  ]);
  expect(listed[1]).toMatchObject({ python: '3.11.7', installer: 'pip 24', requirements: '/r.txt' });

  const removed = await clearPythonEnvironments({ cacheFolder: cache, unusedForMs: 30 * DAY });
  expect(removed.map(({ folder }) => folder).toSorted()).toEqual([join(cache, key('a')), join(cache, key('c'))]);
  expect((await readdir(cache)).toSorted()).toEqual(['of-somebody-else', key('b')]);
  expect(await listPythonEnvironments({ cacheFolder: join(cache, 'none') })).toEqual([]);
});

async function lockOf(cache: string, options: { onWait?: () => void; signal?: AbortSignal } = {}) {
  const { onWait = () => undefined, signal } = options;
  const { lock } = environmentPlace(join(cache, key('d')));
  return await EnvironmentLock.acquire({ python: 'python3', file: lock, env: processEnvironment(), onWait, signal });
}

it('what is being made is not cleared', async () => {
  const cache = await cacheFolder();
  const { folder } = environmentPlace(join(cache, key('d')));
  await using lock = await lockOf(cache);
  await mkdir(join(folder, 'env-1'));
  expect(await clearPythonEnvironments({ cacheFolder: cache })).toEqual([]);
  expect(await readdir(folder)).toEqual(['env-1', 'lock']);
  await rm(join(folder, 'env-1'), { recursive: true });
  await lock.forget();
  expect(await readdir(cache)).toEqual([]);
});

it('whoever waits for an environment can give up, and gets it once its maker is gone', async () => {
  const cache = await cacheFolder();
  const stop = new AbortController();
  const reason = new Error('enough');
  let next: ReturnType<typeof lockOf> | undefined;
  {
    await using held = await lockOf(cache);
    expect(held).toBeInstanceOf(EnvironmentLock);
    await expect(lockOf(cache, { onWait: () => stop.abort(reason), signal: stop.signal })).rejects.toBe(reason);
    await new Promise<void>((resolve) => {
      next = lockOf(cache, { onWait: resolve });
    });
  }
  await using lock = await next;
  expect(lock).toBeInstanceOf(EnvironmentLock);
});
