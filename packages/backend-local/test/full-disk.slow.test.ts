import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canMount, smallDisk } from '../../../test-fixtures/small-disk/small-disk.js';
import { BackendProcess } from './backend-process.js';
import { digest } from './backend-under-test.js';
import { AnswerError, Client, type Stored } from './client.js';

describe.runIf(canMount)('on a disk that is full', () => {
  it('answers 507, stores nothing of what did not fit, and keeps all that was answered', async () => {
    const folder = await temporaryFolder();
    await using backend = await BackendProcess.start(join(folder, 'data'), { wrapper: smallDisk(folder, 16) });
    const client = new Client(backend.url);
    const { stored, refused } = await fill(client);
    expect(stored.length).toBeGreaterThan(5);
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 507));
    await checkAll(client, stored);
  });

  it('takes files again once others were deleted, as it keeps room for that', async () => {
    const folder = await temporaryFolder();
    const options = { wrapper: smallDisk(folder, 16), keepFreeBytes: 6_000_000 };
    await using backend = await BackendProcess.start(join(folder, 'data'), options);
    const client = new Client(backend.url);
    const { stored, refused } = await fill(client);
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 507));
    for (const { id } of stored.splice(0, 4)) await client.delete(id);
    stored.push(await client.presigned(randomBytes(SIZE)), await client.form(randomBytes(SIZE)));
    await checkAll(client, stored);
  });
});

const SIZE = 400_000;

/** Uploads in every way, until each of them was refused. */
async function fill(client: Client): Promise<{ stored: Stored[]; refused: AnswerError[] }> {
  const stored: Stored[] = [];
  const refused: AnswerError[] = [];
  for (const way of ['presigned', 'form', 'chunked'] as const) {
    for (let count = 0; count < 80; count += 1) {
      const outcome = await client[way](randomBytes(SIZE)).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) stored.push(outcome as Stored);
      else if (outcome instanceof AnswerError) refused.push(outcome);
      else throw outcome;
      if (outcome instanceof Error) break;
    }
  }
  expect(refused).toHaveLength(3);
  return { stored, refused };
}

async function checkAll(client: Client, stored: readonly Stored[]): Promise<void> {
  const { count, results } = await client.ask('GET', 'data_files/?page_size=1000');
  expect(count).toBe(stored.length);
  for (const { id, bytes } of stored) {
    const response = await fetch(results.find((file) => file.id === id)?.file ?? '');
    expect(digest('sha1', Buffer.from(await response.arrayBuffer()))).toBe(digest('sha1', bytes));
  }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'full-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
