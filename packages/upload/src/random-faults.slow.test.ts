import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendClient } from '@synapse-steps/backend';
import { defineStep } from '@synapse-steps/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FakeBackend } from '../../../test-fixtures/backend/fake-backend.js';
import type { Fault } from '../../../test-fixtures/backend/fault.js';
import { folderOf } from '../test/start-test-backend.js';
import { contextFor, groupOf, uploadGroups, type UploadRun } from '../test/upload-run.js';
import type { FileGroup } from './file-group.js';
import type { UploadContext } from './upload-context.js';

/** Where and how often. */
const anywhere: fc.Arbitrary<Fault[]> = fc.array(
  fc
    .record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
      path: fc.constantFrom(
        '*',
        '/data_units/',
        '/data_files/',
        '/_storage/*',
        '*/confirm_upload/',
        '*/upload/',
        '/data_files/verify_checksums/',
        '/v2/data-units/*',
        '/v2/data-files/*',
        '/chunked_upload/',
        '/chunked_upload/*',
        '/v2/chunked-uploads/*',
      ),
      nth: fc.integer({ min: 1, max: 6 }),
      times: fc.constantFrom(1, 1, 2, 5, 40),
      how: fc.constantFrom<Partial<Fault>>(
        { status: 0 },
        { status: 0, after: true },
        { early: true },
        { truncated: true, after: true },
        { status: 504 },
        { status: 504, after: true },
        { status: 502, after: true },
        { status: 200, html: '<html>', after: true },
        { status: 503 },
        { status: 503, after: true },
        { status: 500, after: true },
        { status: 429, after: true },
        { status: 500 },
        { status: 429 },
        { status: 403, xml: '<Error><Code>AccessDenied</Code></Error>' },
        { status: 400 },
      ),
    })
    .map(({ how, ...where }) => ({ ...where, ...how })),
  { maxLength: 6 },
);

/** An answer is lost, and the look at what became of it fails as well: what chance alone seldom brings together. */
const twoInOne: fc.Arbitrary<Fault[]> = fc
  .record({
    requests: fc.constantFrom(
      { path: '*/confirm_upload/', method: 'POST', looks: '/data_files/verify_checksums/' },
      { path: '/data_files/', method: 'POST', looks: '/data_files/verify_checksums/' },
      { path: '/data_units/', method: 'GET', looks: '/data_units/' },
    ),
    nth: fc.integer({ min: 1, max: 3 }),
    after: fc.boolean(),
    status: fc.constantFrom(0, 502, 504),
    look: fc.constantFrom({ status: 400 }, { status: 500 }, { status: 503 }),
    times: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ requests: { path, method, looks }, nth, after, status, look, times }) => [
    { method: 'POST', path, nth, status, after },
    { method, path: looks, times, ...look },
  ]);

const faults = fc
  .tuple(fc.oneof(fc.constant([]), twoInOne), anywhere)
  .map(([together, others]): readonly Fault[] => [...together, ...others]);

const settings = fc.record({
  upload_batch_size: fc.constantFrom(1, 2, 3, 200),
  upload_max_workers: fc.constantFrom(1, 10),
  creating_data_unit_batch_size: fc.constantFrom(1, 2, 200),
  creating_data_unit_max_workers: fc.constantFrom(1, 3),
  max_file_size_mb: fc.constantFrom(50, 0.00001, 0.000005),
  extra_params: fc.record({
    use_presigned: fc.boolean(),
    skip_local_duplicates: fc.boolean(),
    skip_existing_checksums: fc.boolean(),
  }),
});

const state = fc.record({
  deletes_data_files: fc.constantFrom(true, false, 'missing' as const),
  deletes_chunked_uploads: fc.constantFrom(true, false, 'missing' as const),
  multipart_over: fc.constantFrom(undefined, 6),
  confirm_refuses: fc.constantFrom([], ['*b.jpg']),
  presigned: fc.constantFrom(true, true, false),
});

/** Some alone, some with a label, two of equal content. */
const FILES = {
  'a.jpg': 'image a',
  'a.txt': 'label a',
  'b.jpg': 'image b',
  'c.jpg': 'equal',
  'd.jpg': 'equal',
  'd.txt': 'label d',
  'e.jpg': 'image e, which is longer than the others',
};

async function groupsIn(root: string): Promise<FileGroup[]> {
  const names = Object.keys(FILES);
  return ['a', 'b', 'c', 'd', 'e'].map((key) =>
    groupOf({
      images: join(root, `${key}.jpg`),
      ...(names.includes(`${key}.txt`) && { labels: join(root, `${key}.txt`) }),
    }),
  );
}

const fails = defineStep<UploadContext>({
  name: 'mine',
  execute() {
    throw new Error('mine is broken');
  },
});

interface Given {
  readonly faults: readonly Fault[];
  readonly state: Record<string, unknown>;
  readonly settings: Record<string, unknown>;
}

async function uploadWith(
  groups: readonly FileGroup[],
  given: Given,
  more: readonly (typeof fails)[] = [],
): Promise<{ run: UploadRun; server: FakeBackend }> {
  const defined = Object.fromEntries(Object.entries(given.state).filter(([, value]) => value !== undefined));
  const server = await FakeBackend.start({ state: defined, faults: given.faults });
  try {
    const client = new BackendClient({ host: server.url, token: 'token', retryDelayMs: 0.01, retries: 2 });
    return { run: await uploadGroups(contextFor(client, groups, given.settings), more), server };
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

const keyOf = (unit: Record<string, unknown>): string => (unit['meta'] as { data_unit_key: string }).data_unit_key;

describe('whatever goes wrong, and however often', () => {
  it('every file is registered exactly once, with its own content, or reported', async () => {
    const root = await folderOf(FILES);
    const groups = await groupsIn(root);
    const checksums = await checksumsOf(groups);
    await fc.assert(
      fc.asyncProperty(faults, state, settings, async (faultList, stateGiven, params) => {
        const { run, server } = await uploadWith(groups, { faults: faultList, state: stateGiven, settings: params });
        const { context, report } = run;
        if (!report.success) return expectUndone(run, server);
        expectChunksNamed(server, leftAfterSending(run));
        for (const { key, files } of groups) {
          const units = server.state.created.data_units.filter((unit) => keyOf(unit) === key);
          const told = context.dataUnits.filter((unit) => unit.key === key);
          const failures = [
            ...context.failedDataUnits.filter((one) => one.key === key),
            ...context.lostFiles.filter((one) => one.key === key),
          ];
          const leftOut = context.leftOutFiles.filter((one) => one.key === key);
          expect(units.length).toBeLessThanOrEqual(1);
          if (told.length > 0) {
            expect(told.map(({ id }) => id)).toEqual(units.map(({ id }) => id));
            expect([failures, leftOut]).toEqual([[], []]);
            expectContent(units[0] ?? {}, files, checksums);
            expectStoredOnce(server, Object.values(files).filter(isUnlikeOthers), checksums);
          } else {
            expect(failures.length + leftOut.length).toBeGreaterThan(0);
            if (!failures.some(({ isUnknown }) => isUnknown === true)) expect(units).toEqual([]);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('what a run that fails leaves on the backend is nothing, or named', async () => {
    const groups = await groupsIn(await folderOf(FILES));
    await fc.assert(
      fc.asyncProperty(faults, state, settings, async (faultList, stateGiven, params) => {
        const given = { faults: faultList, state: stateGiven, settings: params };
        const { run, server } = await uploadWith(groups, given, [fails]);
        expect(run.report.success).toBe(false);
        expectUndone(run, server);
      }),
      { numRuns: 150 },
    );
  });
});

/** Nothing is there, or the report says of each kind what is, or that its undo failed. */
function expectUndone({ report }: UploadRun, server: FakeBackend): void {
  const of = (name: string) => report.rollback?.steps.find((step) => step.name === name);
  expectFilesUndone(of('upload_files'), server);
  const { data_units } = server.state.created;
  const units = of('generate_data_units');
  if (units === undefined || units.outcome === 'undone') expect(data_units).toEqual([]);
  else if (units.outcome === 'irreversible') expect(units.leftBehind.length).toBeGreaterThan(0);
  else expect(units.outcome).toBe('failed');
}

interface Undone {
  readonly outcome: string;
  readonly leftBehind: readonly string[];
}

function expectFilesUndone(files: Undone | undefined, server: FakeBackend): void {
  const { data_files } = server.state.created;
  if (files?.outcome === 'undone') expect(data_files).toEqual([]);
  else if (files?.outcome === 'irreversible') expect(files.leftBehind.length).toBeGreaterThanOrEqual(data_files.length);
  else return expect(files?.outcome).toBe('failed');
  expectChunksNamed(server, files.leftBehind);
}

/** What the step told of a run that went on. */
function leftAfterSending({ report }: UploadRun): readonly string[] {
  const data = report.steps.find(({ name }) => name === 'upload_files')?.data;
  return (data as { readonly leftBehind?: readonly string[] }).leftBehind ?? [];
}

/** Of a first chunk whose answer was lost nobody knows the number; all others are gone, or data files, or named. */
function expectChunksNamed(server: FakeBackend, leftBehind: readonly string[]): void {
  const known = server.state.unusedChunks.filter((id) =>
    server.requests.some(({ path }) => path === `/chunked_upload/${id}/`),
  );
  for (const id of known) expect(leftBehind.join('\n')).toMatch(new RegExp(`chunked upload ${id}\\b`));
}

async function checksumsOf(groups: readonly FileGroup[]): Promise<Map<string, readonly string[]>> {
  const paths = groups.flatMap(({ files }) => Object.values(files));
  const entries = paths.map(async (path) => {
    const bytes = await readFile(path);
    return [path, ['sha1', 'md5'].map((algorithm) => createHash(algorithm).update(bytes).digest('hex'))] as const;
  });
  return new Map(await Promise.all(entries));
}

const isUnlikeOthers = (path: string): boolean => !/[cd]\.jpg$/.test(path);

function expectStoredOnce(
  server: FakeBackend,
  paths: readonly string[],
  checksums: ReadonlyMap<string, readonly string[]>,
): void {
  for (const path of paths) {
    const copies = server.state.created.data_files.filter(({ checksum }) =>
      checksums.get(path)?.includes(checksum as string),
    );
    expect(copies, path).toHaveLength(1);
  }
}

function expectContent(
  unit: Record<string, unknown>,
  files: Readonly<Record<string, string>>,
  checksums: ReadonlyMap<string, readonly string[]>,
): void {
  const registered = unit['files'] as Record<string, { checksum: string; path: string }>;
  expect(Object.keys(registered).toSorted()).toEqual(Object.keys(files).toSorted());
  for (const [spec, path] of Object.entries(files)) {
    expect(registered[spec]?.path).toBe(path);
    expect(checksums.get(path)).toContain(registered[spec]?.checksum);
  }
}
