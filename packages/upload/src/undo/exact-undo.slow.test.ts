import { join } from 'node:path';

import { defineStep } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';

import type { Fault } from '../../../../test-fixtures/backend/fault.js';
import { startEmbeddedBackend, type BackendContent, type Embedded } from '../../test/start-embedded-backend.js';
import { contextFor, groupOf, uploadGroups, type UploadRun } from '../../test/upload-run.js';
import type { UploadContext } from '../upload-context.js';
import type { UploadParamsInput } from '../upload-params.js';

const FILES = {
  'a.jpg': 'image a',
  'b.jpg': 'image b, which is long enough to go in chunks',
  'c.jpg': 'image a',
  'c.txt': 'label c',
};
const EMPTY: BackendContent = { units: [], files: [], contents: [], incoming: [] };
const CONFIRM = '/data_files/presigned_upload/confirm_upload/';

const fails = defineStep<UploadContext>({
  name: 'mine',
  execute() {
    throw new Error('mine is broken');
  },
});

interface Case {
  readonly faults: readonly Fault[];
  readonly params?: Partial<UploadParamsInput>;
  readonly partBytes?: number;
}

const THROUGH_BACKEND = { extra_params: { use_presigned: false } };
const IN_CHUNKS = { max_file_size_mb: 0.00001, ...THROUGH_BACKEND };

function groupsOf({ root }: Embedded, names = ['a', 'b']) {
  return names.map((name) => groupOf({ images: join(root, `${name}.jpg`) }));
}

async function upload(embedded: Embedded, params: Case['params'], more = [fails]): Promise<UploadRun> {
  return await uploadGroups(contextFor(embedded.client, groupsOf(embedded), { data_collection: 1, ...params }), more);
}

const start = (faults: readonly Fault[], partBytes?: number): Promise<Embedded> =>
  startEmbeddedBackend(FILES, faults, partBytes === undefined ? {} : { limits: { partBytes } });

const namedBy = ({ report }: UploadRun): string[] =>
  report.rollback?.steps.flatMap(({ leftBehind }) => leftBehind) ?? [];

const nothingStays: readonly (readonly [string, Case])[] = [
  [
    'confirmations are refused, and files go through the backend',
    { faults: [{ method: 'POST', path: CONFIRM, status: 400, times: 99 }] },
  ],
  [
    'objects are stored, and the answer says 403',
    { faults: [{ method: 'PUT', path: '/_storage/*', status: 403, after: true, times: 99 }] },
  ],
  [
    'objects are stored, and their answers are lost',
    { faults: [{ method: 'PUT', path: '/_storage/*', after: true, times: 99 }] },
  ],
  [
    'some parts arrive, and then the store fails',
    { faults: [{ method: 'PUT', path: '/_storage/*', nth: 3, status: 400, times: 99 }], partBytes: 10 },
  ],
  [
    'the answer to the confirmation is lost after the work',
    { faults: [{ method: 'POST', path: CONFIRM, after: true }] },
  ],
  [
    'the confirmation is answered 500 after the work',
    { faults: [{ method: 'POST', path: CONFIRM, status: 500, after: true }] },
  ],
  [
    'the confirmation is answered 503 after the work',
    { faults: [{ method: 'POST', path: CONFIRM, status: 503, after: true }] },
  ],
  [
    'the answer to the confirmation is lost after the work, and nobody can look',
    {
      faults: [
        { method: 'POST', path: CONFIRM, after: true },
        { method: 'POST', path: '/data_files/verify_checksums/', status: 400, times: 2 },
      ],
    },
  ],
  [
    'the answer to the making of a data file of chunks is lost after the work',
    { faults: [{ method: 'POST', path: '/data_files/', nth: 2, after: true }], params: IN_CHUNKS },
  ],
  [
    'the last chunk is refused',
    { faults: [{ method: 'PUT', path: '/chunked_upload/*/', status: 400, times: 99 }], params: IN_CHUNKS },
  ],
];

describe('a run that fails', () => {
  it.each(nothingStays)('when %s leaves nothing', async (_, { faults, params, partBytes }) => {
    const embedded = await start(faults, partBytes);
    const run = await upload(embedded, params);
    expect(namedBy(run)).toEqual([]);
    expect(run.report.status).toBe('rolled-back');
    expect(await embedded.content()).toEqual(EMPTY);
  });

  it.each(nothingStays)(
    'when %s leaves what an equal upload before it stored',
    async (_, { faults, params, partBytes }) => {
      const embedded = await start([], partBytes);
      await upload(embedded, { extra_params: { use_presigned: params === undefined } }, []);
      const before = await embedded.content();
      expect(before.units).toHaveLength(2);
      embedded.proxy.faults.add(...faults);
      const run = await upload(embedded, params);
      expect(namedBy(run)).toEqual([]);
      expect(await embedded.content()).toEqual(before);
    },
  );

  it('leaves nothing when it is cancelled between putting a file and confirming it', async () => {
    const embedded = await start([]);
    const stop = new AbortController();
    embedded.proxy.onRequest = ({ path }) => {
      if (path === CONFIRM) stop.abort('enough');
    };
    const context = contextFor(embedded.client, groupsOf(embedded), { data_collection: 1 });
    const { report } = await uploadGroups(context, [], { signal: stop.signal });
    expect(report.error?.code).toBe('run_cancelled');
    expect(await embedded.content()).toEqual(EMPTY);
  });

  it.each([{}, { status: 503 }])('names what a first chunk left that was sent twice (%o)', async (how) => {
    const embedded = await start([{ method: 'PUT', path: '/chunked_upload/', after: true, ...how }]);
    const run = await upload(embedded, IN_CHUNKS);
    const { incoming, ...rest } = await embedded.content();
    expect(rest).toEqual({ units: [], files: [], contents: [] });
    expect(incoming).toHaveLength(1);
    expect(namedBy(run)).toEqual([
      expect.stringMatching(/b\.jpg, which may be there, as an upload in chunks whose number/),
    ]);
  });

  it.each([true, false])(
    'counts a file as deleted when only the answer to that is lost (presigned: %s)',
    async (use_presigned) => {
      const embedded = await start([]);
      await upload(embedded, { extra_params: { use_presigned } }, []);
      const before = await embedded.content();
      embedded.proxy.faults.add({ method: 'DELETE', path: '/v2/data-files/*', after: true });
      const run = await upload(embedded, { extra_params: { use_presigned } });
      expect(namedBy(run)).toEqual([]);
      expect(run.report.status).toBe('rolled-back');
      expect(await embedded.content()).toEqual(before);
    },
  );
});

it('a file of a lost group is deleted although another file has the same content', async () => {
  const embedded = await start([{ method: 'POST', path: '/data_files/', nth: 3, times: 9, status: 400 }]);
  const extra_params = { use_presigned: false, skip_local_duplicates: false };
  const [a] = groupsOf(embedded, ['a']);
  const c = groupOf({ images: join(embedded.root, 'c.jpg'), labels: join(embedded.root, 'c.txt') });
  const context = contextFor(embedded.client, a ? [a, c] : [], { data_collection: 1, extra_params });
  const { report } = await uploadGroups(context);
  expect(report.success).toBe(true);
  expect(context.lostFiles.map(({ key }) => key)).toEqual(['c', 'c']);
  expect(await embedded.content()).toMatchObject({ units: [{ key: 'a' }], files: [{ id: 1 }] });
  expect((await embedded.content()).files).toHaveLength(1);
});
