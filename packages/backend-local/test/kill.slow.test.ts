import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startLocalBackend } from '../src/index.js';
import { BackendProcess } from './backend-process.js';
import { digest, type Told } from './backend-under-test.js';
import { Client, type Stored } from './client.js';

const ROUNDS = 10;

it(
  'loses nothing that was answered, and shows nothing half, when it is killed at any instant',
  { timeout: 300_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'killed-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const promised = new Map<number, Buffer>();
    let attempts = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const load = await loadUntilKilled(join(folder, 'data'));
      attempts += load.attempts;
      for (const { id, bytes } of load.stored) promised.set(id, bytes);
      for (const id of load.deleting) promised.delete(id); // gone, or not: nobody was told
      await checkStore(join(folder, 'data'), { promised, deleted: load.deleted, attempts });
    }
    expect(promised.size).toBeGreaterThan(ROUNDS);
  },
);

interface Load {
  readonly stored: Stored[];
  readonly deleting: number[];
  readonly deleted: number[];
  attempts: number;
}

/** Uploads in every way, several at once, and deletes in between; a kill comes after so many answers, wherever the others are. */
async function loadUntilKilled(dir: string): Promise<Load> {
  await using backend = await BackendProcess.start(dir);
  const client = new Client(backend.url);
  const load: Load = { stored: [], deleting: [], deleted: [], attempts: 0 };
  let answersLeft = randomInt(1, 25);
  let isKilled = false;
  const answered = (): void => {
    answersLeft -= 1;
    if (answersLeft > 0 || isKilled) return;
    isKilled = true;
    process.kill(backend.pid, 'SIGKILL');
  };
  const worker = async (): Promise<void> => {
    while (!isKilled) {
      load.attempts += 1;
      const way = (['presigned', 'form', 'chunked'] as const)[randomInt(3)] ?? 'form';
      const stored = await client[way](randomBytes(randomInt(1, 300_000)));
      load.stored.push(stored);
      answered();
      if (randomInt(4) > 0) continue;
      load.deleting.push(stored.id);
      await client.delete(stored.id);
      load.deleted.push(stored.id);
      answered();
    }
  };
  const ends = await Promise.allSettled([worker(), worker(), worker(), worker()]);
  for (const end of ends) if (end.status === 'rejected') expect(String(end.reason)).toMatch(/fetch failed|terminated/);
  await backend.kill();
  return load;
}

interface Expected {
  readonly promised: ReadonlyMap<number, Buffer>;
  readonly deleted: readonly number[];
  readonly attempts: number;
}

async function checkStore(dir: string, { promised, deleted, attempts }: Expected): Promise<void> {
  await using backend = await startLocalBackend({ dir });
  const client = new Client(backend.url);
  const { count, results } = await client.ask('GET', 'data_files/?page_size=1000');
  expect(count).toBeLessThanOrEqual(attempts);
  const found = new Map(results.map((file) => [file.id, file]));
  for (const [id, bytes] of promised)
    expect(digest('sha1', await bytesOf(found.get(id))), `data file ${id}`).toBe(digest('sha1', bytes));
  for (const id of deleted) expect(found.has(id), `data file ${id} was deleted`).toBe(false);
  for (const file of results) {
    const bytes = await bytesOf(file);
    expect([digest('sha1', bytes), digest('md5', bytes)]).toContain(file.checksum);
  }
  for (const name of await readdir(join(dir, 'files'))) {
    expect(digest('sha256', await readFile(join(dir, 'files', name)))).toBe(name);
  }
}

async function bytesOf(file: Told | undefined): Promise<Buffer> {
  const response = await fetch(file?.file ?? '');
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}
