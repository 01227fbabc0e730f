import fc from 'fast-check';
import { expect, it } from 'vitest';

import { FakeBackend } from '../../../test-fixtures/backend/fake-backend.js';
import type { Fault } from '../../../test-fixtures/backend/fault.js';
import { STATE } from '../test/start-backend.js';
import type { NewDataUnit } from './api/data-unit.js';
import { BackendClient } from './backend-client.js';
import { BackendError } from './errors/backend-error.js';
import { bytesSource } from './files/upload-source.js';

const faults: fc.Arbitrary<readonly Fault[]> = fc.array(
  fc
    .record({
      method: fc.constantFrom('GET', 'POST', 'PUT'),
      path: fc.constantFrom(
        '*',
        '/data_units/',
        '/data_files/*',
        '/chunked_upload/*',
        '/_storage/*',
        '*/confirm_upload/',
      ),
      nth: fc.integer({ min: 1, max: 4 }),
      times: fc.integer({ min: 1, max: 2 }),
      how: fc.constantFrom<Partial<Fault>>(
        { status: 0 },
        { status: 0, after: true },
        { early: true },
        { status: 502, after: true },
        { status: 503 },
        { status: 504 },
        { status: 504, after: true },
        { truncated: true, after: true },
        { status: 500 },
        { status: 500, after: true },
        { status: 503, after: true },
        { status: 429, after: true },
        { status: 400 },
      ),
    })
    .map(({ how, ...where }) => ({ ...where, ...how })),
  { maxLength: 5 },
);

/** Runs something against a backend with these faults; whether it went well. */
async function withFaults(
  given: readonly Fault[],
  work: (backend: BackendClient) => Promise<unknown>,
): Promise<{ went: 'well' | 'unknown' | 'wrong'; server: FakeBackend }> {
  const server = await FakeBackend.start({ state: { ...STATE, multipart_over: 40 }, faults: given });
  try {
    const backend = new BackendClient({ host: server.url, token: 'token', retryDelayMs: 0.01 });
    await work(backend);
    return { went: 'well', server };
  } catch (error) {
    if (!BackendError.is(error)) throw error;
    return { went: error.outcomeUnknown ? 'unknown' : 'wrong', server };
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

it('whatever goes wrong, data units are stored once, or not at all, or the error says that nobody knows', async () => {
  const units: NewDataUnit[] = ['a', 'b', 'c'].map((key) => ({
    data_collection: 5,
    files: {},
    meta: { data_unit_key: key },
  }));
  await fc.assert(
    fc.asyncProperty(faults, async (given) => {
      const { went, server } = await withFaults(given, (backend) => backend.dataUnits.create(units));
      const stored = server.state.created.data_units.length;
      if (went === 'unknown') expect([0, 3]).toContain(stored);
      else expect(stored).toBe(went === 'well' ? 3 : 0);
    }),
    { numRuns: 500 },
  );
});

it.each(['form', 'chunks', 'presigned'])(
  'whatever goes wrong, a file sent by way of %s is there once when it went well, and never twice',
  async (way) => {
    const bytes = Buffer.from('some content that is longer than one chunk or part is allowed to be');
    const source = bytesSource('file.txt', bytes);
    const send = async (backend: BackendClient): Promise<void> => {
      if (way !== 'presigned')
        return void (await backend.dataFiles.upload(source, { chunkBytes: 30, chunkAbove: way === 'form' ? 1e9 : 0 }));
      const { files } = await backend.presignedUploads.presign([{ filename: source.name, size: source.size }]);
      const targets = files.slice(0, 1);
      for (const target of targets)
        await backend.presignedUploads.confirm([await backend.presignedUploads.put(target, source)]);
    };
    await fc.assert(
      fc.asyncProperty(faults, async (given) => {
        const { went, server } = await withFaults(given, send);
        const stored = server.state.created.data_files.map(({ size }) => size);
        if (went === 'well') expect(stored).toEqual([bytes.length]);
        else if (went === 'wrong') expect(stored).toEqual([]);
        else expect(stored.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  },
);
