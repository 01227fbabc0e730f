import { join } from 'node:path';
import { expect, it } from 'vitest';

import { runSteps } from '../../test/run-steps.js';
import { startTestBackend } from '../../test/start-test-backend.js';
import { AnalyzeCollectionStep } from './analyze-collection-step.js';
import { InitializeStep } from './initialize-step.js';

const files = { 'set/images/a.jpg': 'a' };

it('opens the storage by a session, and keeps none of it', async () => {
  const { client, server, root } = await startTestBackend({ files });
  const { report, context, said, events } = await runSteps([new InitializeStep()], {}, { client });
  expect(report.status).toBe('succeeded');
  expect(context).toMatchObject({
    storage: { id: 1, provider: 'file_system', folder: root },
    baseFolder: join(root, 'set'),
  });
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /storages/1/',
    'GET /data_collections/5/',
    'POST /storages/1/session/',
  ]);
  expect(said).toEqual(['STEP_COMPLETED', 'UPLOAD_INITIALIZED']);
  expect(JSON.stringify([context, events])).not.toMatch(/configuration|expires_at/);
});

it('asks in the old way where the backend has no sessions', async () => {
  const { client, server, root } = await startTestBackend({ files, state: { storage_sessions: false } });
  const { context } = await runSteps([new InitializeStep()], {}, { client });
  expect(context.storage?.folder).toBe(root);
  expect(server.requests.map(({ path }) => path).slice(2)).toEqual(['/storages/1/session/', '/storages/1/']);
});

it('has no base folder when each specification has its own', async () => {
  const { client } = await startTestBackend({ files });
  const params = { use_single_path: false, assets: { images: { path: 'set/images' } } };
  const { context } = await runSteps([new InitializeStep()], params, { client });
  expect(context.baseFolder).toBeUndefined();
});

it('refuses a path that leads out of the storage', async () => {
  const { client } = await startTestBackend({ files });
  const { report } = await runSteps([new InitializeStep()], { path: 'inner/../../set' }, { client });
  expect(report.error?.message).toMatch(/leads out of the storage's folder/);
});

it.each([
  [{ provider: 'ftp' }, /^Failed to get storage 1: its provider 'ftp' is unknown\. Known: local, file_system, s3/],
  [{ provider: 's3' }, /^Failed to get storage 1: files of a 's3' storage are not on this machine\./],
  [{ configuration: {} }, /^Failed to get storage 1: its configuration has no 'location'/],
  [{ configuration: { location: '/nowhere/at/all' } }, /^Failed to get storage 1: its folder .* cannot be opened/],
])('fails for the storage %j', async (change, expected) => {
  const storage = { id: 1, name: 'disk', provider: 'file_system', configuration: { location: '/' }, ...change };
  const { client } = await startTestBackend({ state: { storages: { 1: storage } } });
  const { report, said } = await runSteps([new InitializeStep()], {}, { client });
  expect(report.error?.message).toMatch(expected);
  expect(said).toContain('ROLLBACK_INITIALIZATION');
});

it('fails with the words of the backend when the session is refused', async () => {
  const fault = {
    method: 'POST',
    path: '/storages/1/session/',
    status: 400,
    body: { code: 'credential_not_registered' },
  };
  const { client } = await startTestBackend({ faults: [fault] });
  const { report } = await runSteps([new InitializeStep()], {}, { client });
  expect(report.error?.message).toMatch(/Failed to get storage 1: .*400.*credential_not_registered/);
});

it('reads the specifications of the collection, and takes them back', async () => {
  const { client } = await startTestBackend({ files });
  const { context, said } = await runSteps([new InitializeStep(), new AnalyzeCollectionStep()], {}, { client });
  expect(context.dataCollection?.file_specifications).toMatchObject([{ name: 'images', is_required: true }]);
  expect(said.slice(2)).toEqual(['STEP_COMPLETED', 'UPLOAD_COLLECTION_ANALYZED']);
});

it('fails when the collection is gone between the check of the params and the step', async () => {
  const fault = { method: 'GET', path: '/data_collections/5/', nth: 2, times: 1, status: 400 };
  const { client } = await startTestBackend({ files, faults: [fault] });
  const { report, context, said } = await runSteps([new InitializeStep(), new AnalyzeCollectionStep()], {}, { client });
  expect(report.error?.message).toMatch(/^Failed to analyze collection 5: .*400/);
  expect(said.slice(-2)).toEqual(['ROLLBACK_COLLECTION_ANALYSIS', 'ROLLBACK_INITIALIZATION']);
  expect(context.storage).toBeUndefined();
});
