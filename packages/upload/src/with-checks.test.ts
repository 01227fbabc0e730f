import { checkParams, InvalidParamsError } from '@synapse-steps/core';
import { expect, it } from 'vitest';

import { startTestBackend } from '../test/start-test-backend.js';
import { uploadParamsSchema } from './upload-params.js';
import { withChecks } from './with-checks.js';

const params = { name: 'Batch 1', storage: 1, data_collection: 5, path: 'set' };

it('fills in the defaults and drops what it does not know', async () => {
  const { client } = await startTestBackend();
  const checked = await checkParams(withChecks(uploadParamsSchema, client), { ...params, skip_cleanup: true });
  expect(checked).toMatchObject({ ...params, is_recursive: true, creating_data_unit_batch_size: 200 });
  expect(checked).not.toHaveProperty('skip_cleanup');
});

it('tells of all that is wrong at once, and asks the backend about the rest', async () => {
  const { client, server } = await startTestBackend();
  const wrong = { name: ' ', storage: 9, data_collection: 9, project: 7, upload_batch_size: 0 };
  expect(await problemsOf(wrong, client)).toEqual([
    ['name', 'value_error', expect.stringContaining('blank')],
    ['upload_batch_size', 'too_small', expect.anything()],
    ['storage', 'storage_not_found', expect.stringMatching(/^Storage with id=9 not found: .*404/)],
    ['data_collection', 'data_collection_not_found', expect.stringMatching(/^Data collection with id=9 not found: /)],
    ['project', 'project_not_found', expect.stringMatching(/^Project with id=7 not found: /)],
    ['', 'missing_path', expect.stringContaining("'path'")],
  ]);
  expect(server.requests.map(({ path }) => path)).toEqual(['/storages/9/', '/data_collections/9/', '/projects/7/']);
});

it('wants a path for each specification where there is no single one', async () => {
  const { client } = await startTestBackend();
  const many = { ...params, path: undefined, use_single_path: false };
  expect(await problemsOf(many, client)).toEqual([['', 'missing_assets', expect.stringContaining("'assets'")]]);
  expect(await problemsOf({ ...many, assets: {} }, client)).toHaveLength(1);
  expect(await problemsOf({ ...many, assets: { images: { path: 'cam' } } }, client)).toEqual([]);
});

it('says which params need a backend when there is none', async () => {
  expect(await problemsOf(params, undefined)).toEqual([
    ['storage', 'missing_context', expect.stringContaining('BackendClient.fromEnvironment()')],
    ['data_collection', 'missing_context', expect.anything()],
  ]);
});

it('refuses params that are no object, without asking anybody', async () => {
  const { client, server } = await startTestBackend();
  expect(await problemsOf('set', client)).toHaveLength(1);
  expect(server.requests).toEqual([]);
});

async function problemsOf(given: unknown, client: Parameters<typeof withChecks>[1]): Promise<unknown[]> {
  try {
    await checkParams(withChecks(uploadParamsSchema, client), given);
    return [];
  } catch (error) {
    if (!InvalidParamsError.is(error)) throw error;
    return error.problems.map(({ path, code, message }) => [path.join('.'), code, message]);
  }
}
