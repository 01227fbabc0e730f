import { access, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendClient } from '@synapse-steps/backend';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { defineStep } from '@synapse-steps/core';
import { MemoryJournal, recordRun } from '@synapse-steps/core/testing';
import { describe, expect, it, onTestFinished } from 'vitest';

import { folderOf, startTestBackend, type TestBackendOptions } from '../../test/start-test-backend.js';
import { contextFor, groupOf, uploadGroups, uploadSteps, type UploadRun } from '../../test/upload-run.js';
import type { FakeBackend } from '../../../../test-fixtures/backend/fake-backend.js';
import type { UploadContext } from '../upload-context.js';

const FILES = { 'a.jpg': 'small a', 'b.jpg': 'picture b, which goes in several chunks' };
const ALL_LOST = { method: 'POST', path: '/data_files/', status: 400, times: 99 };
/** What is larger than ten bytes goes in chunks, through the backend. */
const IN_CHUNKS = { max_file_size_mb: 0.00001, extra_params: { use_presigned: false } };
const KEPT = /^what was sent of .*b\.jpg, as chunked upload 301, which this backend does not delete$/;

const breaks = defineStep<UploadContext>({
  name: 'mine',
  execute() {
    throw new Error('mine is broken');
  },
});

interface Ended extends UploadRun {
  readonly server: FakeBackend;
  readonly client: BackendClient;
  readonly outcome: string | undefined;
  readonly leftBehind: readonly string[];
}

async function uploadOf(
  names: readonly string[],
  options: TestBackendOptions,
  more: readonly (typeof breaks)[] = [],
): Promise<Ended> {
  const { server, client, root } = await startTestBackend({ files: FILES, ...options });
  const groups = names.map((name) => groupOf({ images: join(root, name) }));
  const run = await uploadGroups(contextFor(client, groups, IN_CHUNKS), more);
  const undone = run.report.rollback?.steps.find(({ name }) => name === 'upload_files');
  return { ...run, server, client, outcome: undone?.outcome, leftBehind: undone?.leftBehind ?? [] };
}

function toldAsLeft({ report }: UploadRun): unknown {
  const data = report.steps.find(({ name }) => name === 'upload_files')?.data;
  return (data as { readonly leftBehind?: unknown }).leftBehind;
}

describe('an upload in chunks that never becomes a data file', () => {
  it('is deleted when the run fails because it was refused', async () => {
    const { server, outcome, report } = await uploadOf(['b.jpg'], {
      state: { deletes_chunked_uploads: true },
      faults: [ALL_LOST],
    });
    expect(server.state.unusedChunks).toEqual([]);
    expect([report.success, outcome]).toEqual([false, 'undone']);
  });

  it.each([false, 'missing' as const])('is named where the backend keeps it (%s)', async (way) => {
    const state = { deletes_chunked_uploads: way };
    const { server, outcome, leftBehind } = await uploadOf(['b.jpg'], { state, faults: [ALL_LOST] });
    expect(server.state.unusedChunks).toEqual([301]);
    expect([outcome, leftBehind]).toEqual(['irreversible', [expect.stringMatching(KEPT)]]);
  });

  it('is deleted at once, or named, when other files arrive and the run goes on', async () => {
    const faults = [{ ...ALL_LOST, nth: 2 }];
    const gone = await uploadOf(['a.jpg', 'b.jpg'], { state: { deletes_chunked_uploads: true }, faults });
    expect([gone.report.success, gone.server.state.unusedChunks, toldAsLeft(gone)]).toEqual([true, [], undefined]);
    const kept = await uploadOf(['a.jpg', 'b.jpg'], { faults });
    expect([kept.report.success, kept.server.state.unusedChunks]).toEqual([true, [301]]);
    expect(toldAsLeft(kept)).toEqual([expect.stringContaining('as chunked upload 301')]);
    expect(kept.events.find((event) => JSON.stringify(event).includes('FILES_LEFT_BEHIND'))).toBeDefined();
  });

  it('is named again by the undo of a run that went on and failed later', async () => {
    const state = { deletes_data_files: true };
    const { outcome, leftBehind } = await uploadOf(['a.jpg', 'b.jpg'], { state, faults: [{ ...ALL_LOST, nth: 2 }] }, [
      breaks,
    ]);
    expect([outcome, leftBehind]).toEqual(['irreversible', [expect.stringContaining('as chunked upload 301')]]);
  });

  it('fails the undo when it cannot be deleted just now, and is deleted when that is tried again', async () => {
    const state = { deletes_chunked_uploads: true };
    const fault = { method: 'DELETE', path: '/v2/chunked-uploads/301/', status: 500 };
    const once = await uploadOf(['b.jpg'], { state, faults: [ALL_LOST, { ...fault, times: 1 }] });
    expect([once.server.state.unusedChunks, once.outcome]).toEqual([[], 'undone']);
    const never = await uploadOf(['b.jpg'], { state, faults: [ALL_LOST, { ...fault, times: 99 }] });
    expect([never.server.state.unusedChunks, never.outcome]).toEqual([[301], 'failed']);
    expect(JSON.stringify(never.report.rollback)).toContain('as chunked upload 301');
  });

  it('whose first chunk was not answered is named without a number', async () => {
    const faults = [{ method: 'PUT', path: '/chunked_upload/', status: 0, after: true, times: 99 }];
    const { outcome, leftBehind } = await uploadOf(['b.jpg'], { faults });
    expect([outcome, leftBehind]).toEqual(['irreversible', [expect.stringContaining('whose number nobody was told')]]);
  });

  it('whose first chunk was refused left nothing', async () => {
    const faults = [{ method: 'PUT', path: '/chunked_upload/', status: 400 }];
    const { outcome, leftBehind, server } = await uploadOf(['b.jpg'], { faults });
    expect([outcome, leftBehind, server.requests.length]).toEqual(['undone', [], 1]);
  });
});

it('one that became a data file is not asked for any more', async () => {
  const { server, outcome } = await uploadOf(['b.jpg'], { state: { deletes_data_files: true } }, [breaks]);
  expect(outcome).toBe('undone');
  expect(server.requests.filter(({ path }) => path.includes('chunked-uploads'))).toEqual([]);
});

it('one that became a data file nobody was told of is named by both', async () => {
  const faults = [
    { method: 'POST', path: '/data_files/', status: 0, after: true },
    { method: 'POST', path: '/data_files/verify_checksums/', status: 400, times: 1 },
  ];
  const { outcome, leftBehind, server } = await uploadOf(['b.jpg'], {
    state: { deletes_chunked_uploads: true, deletes_data_files: true },
    faults,
  });
  expect(server.left()['data_files']).toHaveLength(1);
  expect(outcome).toBe('irreversible');
  expect(leftBehind).toEqual([
    expect.stringContaining('as chunked upload 301'),
    expect.stringContaining('whose id was lost'),
  ]);
});

describe('a host that dies while a file is sent in chunks', () => {
  /** What a crash at the given commit and a rollback by another process leave. */
  async function dieAt(commit: number): Promise<{ left: number; leftBehind: string[]; hasEnded: boolean }> {
    const state = { deletes_data_files: true, deletes_chunked_uploads: true };
    const { server, client, root } = await startTestBackend({ files: FILES, state });
    const groups = [groupOf({ images: join(root, 'b.jpg') })];
    const journal = new MemoryJournal();
    journal.onAppend = () => {
      if (journal.commits.length >= commit) throw new Error('the host is dead'); // nothing is written any more
    };
    const steps = uploadSteps();
    const { report } = await recordRun(steps, contextFor(client, groups, IN_CHUNKS), { journal });
    const history = journal.events;
    const run = await recordRun(steps, contextFor(client, groups, IN_CHUNKS), { history, rollBack: true });
    const leftBehind = run.report.rollback?.steps.flatMap((step) => step.leftBehind) ?? [];
    const left = server.state.unusedChunks.length + server.state.created.data_files.length;
    return { left, leftBehind, hasEnded: report.success };
  }

  it('what is left at any moment is nothing, or named', async () => {
    for (let commit = 1; ; commit += 1) {
      const { left, leftBehind, hasEnded } = await dieAt(commit);
      expect(leftBehind.length, `after ${commit} commits`).toBeGreaterThanOrEqual(left);
      if (hasEnded) {
        expect([left, leftBehind]).toEqual([0, []]);
        break;
      }
      expect(commit).toBeLessThan(60);
    }
  });
});

describe('with the embedded backend', () => {
  async function startEmbedded() {
    const root = await folderOf(FILES);
    const dir = join(root, 'backend');
    const backend = await startLocalBackend({ dir });
    onTestFinished(() => backend.close());
    const client = new BackendClient({ host: backend.url, token: 'any', retryDelayMs: 1 });
    const files = async (): Promise<string[]> =>
      [...(await readdir(join(dir, 'files'))), ...(await readdir(join(dir, 'incoming')))].toSorted();
    return { client, files, root, groups: [groupOf({ images: join(root, 'b.jpg') })] };
  }

  it('a run whose data file is refused leaves it as it was', async () => {
    const { client, files, groups } = await startEmbedded();
    const before = await files();
    const register = client.dataFiles.register.bind(client.dataFiles);
    const asked: unknown[] = [];
    client.dataFiles.register = async (chunked, options) => {
      asked.push(chunked.id);
      return await register({ ...chunked, id: 999 }, options); // there is none: refused
    };
    const { report } = await uploadGroups(contextFor(client, groups, IN_CHUNKS));
    expect([asked, report.status]).toEqual([[1], 'rolled-back']);
    await expect(client.chunkedUploads.get(1)).rejects.toMatchObject({ status: 404 });
    expect(await files()).toEqual(before);
  });

  it('a run that is cancelled between two chunks leaves it as it was', async () => {
    const { client, files, groups } = await startEmbedded();
    const before = await files();
    const stop = new AbortController();
    const upload = client.chunkedUploads.upload.bind(client.chunkedUploads);
    client.chunkedUploads.upload = (source, options) =>
      upload(source, {
        ...options,
        chunkBytes: 10,
        onBegun: async (id, facts) => {
          await options?.onBegun?.(id, facts);
          stop.abort('enough');
        },
      });
    const { report } = await uploadGroups(contextFor(client, groups, IN_CHUNKS), [], { signal: stop.signal });
    expect([report.error?.code, report.status]).toEqual(['run_cancelled', 'rolled-back']);
    await expect(client.chunkedUploads.get(1)).rejects.toMatchObject({ status: 404 });
    expect(await files()).toEqual(before);
  });

  it('one that is gone from the disk meanwhile is deleted all the same', async () => {
    const { client, files, groups, root } = await startEmbedded();
    const before = await files();
    client.dataFiles.register = async () => {
      await unlink(join(root, 'b.jpg'));
      throw new Error('and then all breaks');
    };
    const { report } = await uploadGroups(contextFor(client, groups, IN_CHUNKS));
    await expect(access(join(root, 'b.jpg'))).rejects.toThrow('ENOENT');
    expect(report.success).toBe(false);
    await expect(client.chunkedUploads.get(1)).rejects.toMatchObject({ status: 404 });
    expect(await files()).toEqual(before);
  });
});
