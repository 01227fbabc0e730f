import { createHash } from 'node:crypto';
import { appendFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { startTestBackend, type TestBackendOptions } from '../../test/start-test-backend.js';
import { contextFor, groupOf, uploadGroups, type UploadRun } from '../../test/upload-run.js';
import type { FakeBackend } from '../../../../test-fixtures/backend/fake-backend.js';
import type { UploadParamsInput } from '../upload-params.js';

const sum = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');
const NAMES = ['a', 'b', 'c'];
const FILES = Object.fromEntries(NAMES.map((name) => [`images/${name}.jpg`, `image ${name}`]));

interface Sent extends UploadRun {
  readonly server: FakeBackend;
  readonly root: string;
  /** `PUT /_storage/0001-a.jpg 200`. */
  readonly requests: string[];
}

async function send(options: TestBackendOptions = {}, params: Partial<UploadParamsInput> = {}): Promise<Sent> {
  const { server, client, root } = await startTestBackend({ files: FILES, ...options });
  const names = Object.keys(options.files ?? FILES).filter((name) => name.startsWith('images/'));
  const labels = Object.keys(options.files ?? {});
  const groups = names.map((name) => {
    const label = name.replace('images/', 'labels/').replace('.jpg', '.txt');
    return groupOf({
      images: join(root, name),
      ...(labels.includes(label) && { labels: join(root, label) }),
    });
  });
  const run = await uploadGroups(contextFor(client, groups, params));
  const requests = server.requests.map(({ method, path, status }) => `${method} ${path} ${status}`);
  return { ...run, server, root, requests };
}

const sentFiles = ({ requests }: Sent): string[] => requests.filter((line) => line.startsWith('PUT /_storage'));
const throughBackend = ({ requests }: Sent): string[] =>
  requests.filter((line) => line.startsWith('POST /data_files/ '));
const checksums = ({ context }: Sent): string[] =>
  context.uploadedFiles.flatMap(({ files }) => Object.values(files).map(({ checksum }) => checksum));
const BACKEND_WAY = { extra_params: { use_presigned: false } };

describe('to the object store', () => {
  it('files go by their addresses and are known by their SHA-1', async () => {
    const sent = await send();
    expect(sentFiles(sent)).toHaveLength(3);
    expect(checksums(sent)).toEqual(NAMES.map((name) => sum('sha1', `image ${name}`)));
    expect(sent.server.state.created.data_units).toMatchObject([
      {
        data_collection: 5,
        files: { images: { checksum: sum('sha1', 'image a'), path: join(sent.root, 'images/a.jpg') } },
        meta: { data_unit_key: 'a' },
      },
      { meta: { data_unit_key: 'b' } },
      { meta: { data_unit_key: 'c' } },
    ]);
    expect(sent.report.status).toBe('succeeded');
  });

  it('they go in batches, each confirmed before the next one is asked for', async () => {
    const sent = await send({}, { upload_batch_size: 2 });
    const kinds = sent.requests.map((line) =>
      line.replace(/^\w+ \/(?:data_files\/presigned_upload\/|_)?(\w+).*/, '$1'),
    );
    expect(kinds).toEqual([
      'upload',
      'storage',
      'storage',
      'confirm_upload',
      'upload',
      'storage',
      'confirm_upload',
      'data_units',
    ]);
  });

  it('a large file goes in the parts that the backend names', async () => {
    const sent = await send({ state: { multipart_over: 4 } });
    expect(sentFiles(sent)).toHaveLength(6);
    expect(sent.server.left()['data_files']).toMatchObject([{ size: 7 }, { size: 7 }, { size: 7 }]);
  });

  it('one that the store refuses is sent again alone, first there and then through the backend', async () => {
    const xml = '<Error><Code>SignatureDoesNotMatch</Code></Error>';
    const sent = await send({ faults: [{ method: 'PUT', path: '/_storage/*b.jpg', status: 403, times: 9, xml }] });
    expect(sentFiles(sent).map((line) => line.slice(-9))).toEqual(
      expect.arrayContaining(['a.jpg 200', 'b.jpg 403', 'c.jpg 200', 'b.jpg 403']),
    );
    expect(sentFiles(sent)).toHaveLength(4);
    expect(throughBackend(sent)).toHaveLength(1);
    expect(checksums(sent)).toEqual([sum('sha1', 'image a'), sum('md5', 'image b'), sum('sha1', 'image c')]);
    expect(sent.server.left()['data_files']).toHaveLength(3);
  });

  it('one that the backend does not confirm goes through it', async () => {
    const sent = await send({ state: { confirm_refuses: ['*b.jpg'] } });
    expect(sentFiles(sent)).toHaveLength(3);
    expect(throughBackend(sent)).toHaveLength(1);
    expect(sent.server.left()['data_files']).toHaveLength(3);
  });

  it.each([
    [500, false, 3],
    [500, true, 0],
    [504, true, 0],
    [504, false, 0],
  ])('a confirmation that ends with %i (after the work: %s) stores nothing twice', async (status, after, again) => {
    const path = '/data_files/presigned_upload/confirm_upload/';
    const sent = await send({ faults: [{ method: 'POST', path, status, after }] });
    expect(throughBackend(sent)).toHaveLength(again);
    expect(sent.server.left()['data_files']).toHaveLength(3);
    expect(sent.context.uploadedFiles).toHaveLength(3);
  });

  it('where the backend hands out no addresses, it is not asked again', async () => {
    const sent = await send({ state: { presigned: false } }, { upload_batch_size: 1 });
    expect(sent.requests.filter((line) => line.includes('presigned'))).toHaveLength(1);
    expect(throughBackend(sent)).toHaveLength(3);
  });
});

describe('through the backend', () => {
  it('files are known by their MD5', async () => {
    const sent = await send({}, BACKEND_WAY);
    expect(checksums(sent)).toEqual(NAMES.map((name) => sum('md5', `image ${name}`)));
  });

  it('a file above the threshold goes in chunks', async () => {
    const sent = await send({}, { ...BACKEND_WAY, max_file_size_mb: 0.000004 });
    expect(sent.requests.filter((line) => line.startsWith('PUT /chunked_upload/'))).toHaveLength(3);
    expect(sent.server.left()['data_files']).toHaveLength(3);
  });

  it('one that fails is lost, with the reason, and the others are there', async () => {
    const sent = await send({ faults: [{ method: 'POST', path: '/data_files/', nth: 2, status: 500 }] }, BACKEND_WAY);
    expect(sent.context.lostFiles).toMatchObject([
      { key: 'b', spec: 'images', reason: expect.stringContaining('failed with 500') as string },
    ]);
    expect(sent.context.dataUnits.map(({ key }) => key)).toEqual(['a', 'c']);
  });

  it('a connection that is closed loses nothing and stores nothing twice', async () => {
    for (const after of [true, false]) {
      const fault = { method: 'POST', path: '/data_files/', nth: 2, status: 0, after };
      const sent = await send({ faults: [fault] }, BACKEND_WAY);
      expect(sent.context.lostFiles).toEqual([]);
      expect(sent.server.left()['data_files']).toHaveLength(3);
    }
  });
});

describe('a group', () => {
  const PAIRS = {
    'images/a.jpg': 'image a',
    'labels/a.txt': 'label a',
    'images/b.jpg': 'image b',
    'labels/b.txt': 'label b',
  };

  it('of which one file fails is lost whole, and what was stored of it is deleted', async () => {
    const sent = await send(
      {
        files: PAIRS,
        state: { deletes_data_files: true },
        faults: [{ method: 'POST', path: '/data_files/', nth: 2, status: 500 }],
      },
      BACKEND_WAY,
    );
    expect(sent.context.lostFiles.map(({ key, spec, reason }) => [key, spec, reason.slice(0, 14)])).toEqual([
      ['a', 'images', 'It arrived, bu'],
      ['a', 'labels', 'POST data_file'],
    ]);
    expect(sent.server.state.created.data_files.map(({ file }) => file)).toEqual(['b.jpg', 'b.txt']);
  });

  it('where the backend deletes no files, what was stored of it is named', async () => {
    const faults = [{ method: 'POST', path: '/data_files/', nth: 2, status: 500 }];
    const sent = await send({ files: PAIRS, faults }, BACKEND_WAY);
    const data = sent.report.steps.find(({ name }) => name === 'upload_files')?.data;
    expect(data).toMatchObject({ leftBehind: [`data file 101 (${join(sent.root, 'images/a.jpg')})`] });
  });

  it('of which a file is lost has no more files sent', async () => {
    const faults = [{ method: 'POST', path: '/data_files/', nth: 1, status: 500 }];
    const sent = await send({ files: PAIRS, faults }, BACKEND_WAY);
    expect(throughBackend(sent)).toHaveLength(3);
  });

  it('has its empty optional file left out, and is not lost', async () => {
    const sent = await send({ files: { ...PAIRS, 'labels/a.txt': '' } });
    expect(sent.context.lostFiles).toEqual([]);
    expect(sent.context.leftOutFiles).toMatchObject([{ code: 'EMPTY_OPTIONAL_FILE', key: 'a', spec: 'labels' }]);
    expect(Object.keys(sent.context.uploadedFiles[0]?.files ?? {})).toEqual(['images']);
  });

  it('has its empty required file sent', async () => {
    const sent = await send({ files: { 'images/a.jpg': '' } });
    expect(checksums(sent)).toEqual([sum('sha1', '')]);
  });
});

describe('equal files', () => {
  const EQUAL = { 'images/a.jpg': 'same', 'images/b.jpg': 'same', 'images/c.jpg': 'other', 'images/d.jpg': 'same' };

  it.each([1, 200])('are sent once, and every group has its data unit (batches of %i)', async (size) => {
    const sent = await send({ files: EQUAL }, { upload_batch_size: size });
    expect(sentFiles(sent)).toHaveLength(2);
    expect(checksums(sent)).toEqual(['same', 'same', 'other', 'same'].map((text) => sum('sha1', text)));
    expect(sent.context.dataUnits).toHaveLength(4);
  });

  it('may be large: their beginning alone makes them not equal', async () => {
    const large = 'x'.repeat(100_000);
    const files = { 'images/a.jpg': `${large}1`, 'images/b.jpg': `${large}2`, 'images/c.jpg': `${large}1` };
    const sent = await send({ files }, { upload_batch_size: 1 });
    expect(sentFiles(sent)).toHaveLength(2);
    expect(checksums(sent)).toEqual(['1', '2', '1'].map((end) => sum('sha1', large + end)));
  });

  it('are sent each for itself when that is wanted', async () => {
    const sent = await send({ files: EQUAL }, { extra_params: { skip_local_duplicates: false } });
    expect(sentFiles(sent)).toHaveLength(4);
  });

  it('do not depend on the one that was to be sent for them', async () => {
    const faults = [{ method: 'POST', path: '/data_files/', nth: 1, status: 500 }];
    const sent = await send({ files: EQUAL, faults }, BACKEND_WAY);
    expect(sent.context.lostFiles.map(({ key }) => key)).toEqual(['a']);
    expect(sent.context.dataUnits.map(({ key }) => key)).toEqual(['b', 'c', 'd']);
    expect(sent.server.left()['data_files']).toHaveLength(2);
  });
});

describe('files that the backend has', () => {
  const SKIP = { extra_params: { skip_existing_checksums: true, checksum_batch_size: 2 } };

  it.each(['sha1', 'md5'])('are not sent when it knows their %s', async (algorithm) => {
    const state = { known_checksums: [sum(algorithm, 'image b')] };
    const sent = await send({ state }, SKIP);
    expect(sentFiles(sent)).toHaveLength(2);
    expect(sent.context.dataUnits.map(({ key }) => key)).toEqual(['a', 'b', 'c']); // the collection has none of them
    expect(sent.context.leftOutFiles).toEqual([]);
    expect(sent.context.lostFiles).toEqual([]);
  });

  it('may be all there are: then nothing is sent, and what has no data unit gets one', async () => {
    const sent = await send({ state: { known_checksums: NAMES.map((name) => sum('md5', `image ${name}`)) } }, SKIP);
    expect(sent.report.status).toBe('succeeded');
    expect(sent.server.left()).toEqual({ data_units: [501, 502, 503] });
    expect(sent.report.steps.map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  it('still belong to a group whose other file is new', async () => {
    const files = { 'images/a.jpg': 'image a', 'labels/a.txt': 'label a' };
    const sent = await send({ files, state: { known_checksums: [sum('md5', 'image a')] } }, SKIP);
    expect(sentFiles(sent)).toHaveLength(1);
    expect(checksums(sent)).toEqual([sum('md5', 'image a'), sum('sha1', 'label a')]);
  });

  it('are sent when the backend does not say what it has', async () => {
    const faults = [{ method: 'POST', path: '/data_files/verify_checksums/', status: 400, times: 9 }];
    const sent = await send({ faults }, SKIP);
    expect(sentFiles(sent)).toHaveLength(3);
  });
});

describe('a file that changes while it is sent', () => {
  const LARGE = 'x'.repeat(300_000);

  it.each([
    ['grows', (path: string) => appendFile(path, 'more')],
    ['shrinks', (path: string) => truncate(path, 10)],
    ['vanishes', (path: string) => rm(path)],
  ])('and %s is lost with the reason, and never registered', async (_, change) => {
    const { server, client, root } = await startTestBackend({ files: { ...FILES, 'images/b.jpg': LARGE } });
    const groups = NAMES.map((name) => groupOf({ images: join(root, `images/${name}.jpg`) }));
    const changed = join(root, 'images/b.jpg');
    const presign = client.presignedUploads.presign.bind(client.presignedUploads);
    // The moment between the first look and the sending.
    client.presignedUploads.presign = async (files, options) => {
      await change(changed);
      return await presign(files, options);
    };
    const { context } = await uploadGroups(contextFor(client, groups));
    expect(context.lostFiles).toMatchObject([{ key: 'b', path: changed }]);
    expect(context.lostFiles[0]?.reason).toMatch(/changed while it was sent|cannot be sent/);
    expect(context.dataUnits.map(({ key }) => key)).toEqual(['a', 'c']);
    expect(server.left()['data_files']).toHaveLength(2);
  });

  it('one that is not there at all is lost, too', async () => {
    const { client, root } = await startTestBackend({ files: FILES });
    const groups = ['a', 'not-there'].map((name) => groupOf({ images: join(root, `images/${name}.jpg`) }));
    const { context } = await uploadGroups(contextFor(client, groups));
    expect(context.lostFiles).toMatchObject([
      { key: 'not-there', reason: expect.stringContaining('ENOENT') as string },
    ]);
  });
});

it('progress and metrics tell groups and bytes, to the end', async () => {
  const { events } = await send();
  const of = (category: string): unknown[] =>
    events.flatMap((event) => (event.type === 'step-metric' && event.category === category ? [event.metrics] : []));
  expect(of('data_files')[0]).toEqual({ stand_by: 3, success: 0, failed: 0 });
  expect(of('data_files').at(-1)).toEqual({ stand_by: 0, success: 3, failed: 0 });
  expect(of('data_bytes').at(-1)).toEqual({ total: 21, sent: 21 });
  expect(of('data_units').at(-1)).toEqual({ stand_by: 0, success: 3, failed: 0 });
  const steps = events.flatMap((event) =>
    event.type === 'step-progress' ? [[event.step, event.current, event.total]] : [],
  );
  expect(steps).toEqual([
    ['upload_files', 0, 3],
    ['upload_files', 3, 3],
    ['generate_data_units', 0, 3],
    ['generate_data_units', 3, 3],
    ['generate_data_units', 3, 3],
  ]);
});
