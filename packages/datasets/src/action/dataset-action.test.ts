import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  CollectingLogger,
  defineStep,
  RuntimeContext,
  StepFailedError,
  StepResult,
  Orchestrator,
  StepRegistry,
} from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';

import { PNG } from '../../test/dataset-folder.js';
import { eventOf, startDatasetBackend, testFolder } from '../../test/start-dataset-backend.js';
import { DatasetAction } from './dataset-action.js';

const picture = {
  'in/json/one.json': { images: [{ classification: [{ id: 'k', classification: 'cat' }] }] },
  'in/original_files/one.png': PNG,
};

describe('DatasetAction', () => {
  it('converts into a folder beside, and says so as the Python SDK does', async () => {
    const root = await testFolder(picture);
    const logger = new CollectingLogger();
    const params = { operation: 'convert', path: join(root, 'in'), target_format: 'imagefolder' } as const;
    const result = await new DatasetAction(params, new RuntimeContext({ logger })).run();
    const path = join(root, 'in_imagefolder');
    expect(result).toEqual({
      path,
      format: 'imagefolder',
      isCategorized: false,
      configPath: join(path, 'classes.txt'),
      count: null,
      pictures: 1,
      annotations: 1,
      sourcePath: join(root, 'in'),
      leftOutCounts: {},
    });
    expect((await readdir(path)).sort()).toEqual(['.complete', 'cat', 'classes.txt']);
    expect((await readFile(join(path, '.complete'), 'utf8')).split('\n')[0]).toBe(join(path, 'classes.txt'));
    expect(logger.entries.flatMap((entry) => ('event' in entry ? [entry.event] : []))).toContain('convert_complete');
  });

  it('downloads, and removes what it downloaded when a later step fails', async () => {
    const { client } = await startDatasetBackend({
      events: [eventOf(1, 'one.png'), eventOf(2, 'two.png', 'validation')],
    });
    const root = await testFolder();
    await mkdir(join(root, 'out'));
    const context = new RuntimeContext({ client });
    const action = new DatasetAction(
      { dataset: 11, splits: { train: null, valid: {} }, output_dir: join(root, 'out') },
      context,
    );
    const fail = defineStep({ name: 'fail', progressWeight: 1, execute: () => StepResult.fail('on purpose') });
    const registry = new StepRegistry().register(await action.toStep({ name: 'dataset' })).register(fail);
    const run = new Orchestrator(registry, (await action.prepare()).context).execute();
    await expect(run).rejects.toSatisfy((error) => StepFailedError.is(error));
    expect(await readdir(root)).toEqual([]);
  });

  it('keeps downloads where trainings keep theirs', async () => {
    const root = await testFolder();
    const { client } = await startDatasetBackend({ events: [eventOf(1, 'one.png')] });
    const context = new RuntimeContext({ client, env: { XDG_CACHE_HOME: root } });
    const { path } = await new DatasetAction({ dataset: 11 }, context).run();
    expect(path).toBe(join(root, 'synapse-steps', 'datasets', '11'));
  });

  it.each([
    [{ operation: 'download' }, /dataset is required for download operation/],
    [{ operation: 'convert' }, /path is required for convert operation/],
    [{ operation: 'convert', path: '/not/there' }, /Dataset path does not exist: \/not\/there/],
    [{ dataset: 11 }, /No backend client in context/],
    [{ operation: 'convert', path: 'in', target_format: 'voc' }, /target_format.*"pascal"/s],
    [{ dataset: 1.5 }, /dataset.*a whole number, or a text/s],
  ])('says what is wrong with %j', async (params, message) => {
    await expect(new DatasetAction(params as never).run()).rejects.toThrow(message);
  });
});
