import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { defineStep, StepResult } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';

import { folderOf, runTraining, startTestBackend } from '../test/train-run.js';
import { BaseTrainAction } from './base-train-action.js';
import type { Checkpoint, TrainContext } from './train-context.js';
import { trainProportions } from './train-proportions.js';

const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAABQAAAAKCAIAAAA7N+mxAAAAF0lEQVR4nGM8wcXFQC5gIlvnqOYRoxkAJZIA8JEUpzoAAAAASUVORK5CYII=';
const OTHER =
  'iVBORw0KGgoAAAANSUhEUgAAABQAAAAKCAIAAAA7N+mxAAAAFklEQVR4nGNkiGIgGzCRr3VU80jRDADv9gBuWlqLywAAAABJRU5ErkJggg==';

function event(id: number, category: string, { file, name }: { readonly file: string; readonly name: string }) {
  const image = {
    bounding_box: [{ id: `b${id}`, classification: name, attrs: [], data: [2, 3, 8, 4] }],
    classification: [{ id: `k${id}`, classification: name, attrs: [] }],
  };
  const files = { image_1: { url: `{backend}/_files/${file}`, is_primary: true, file_type: 'image' } };
  return { id, category, files, data: { classification: { bounding_box: [name] }, images: [image] } };
}

const STATE = {
  ground_truth_events: [
    event(1, 'train', { file: 'one.png', name: 'cat' }),
    event(2, 'validation', { file: 'two.png', name: 'dog' }),
  ],
  served_files: { 'one.png': { base64: PICTURE }, 'two.png': { base64: OTHER } },
};

type Execute = (call: { dataPath: string; checkpoint: Checkpoint | undefined; context: TrainContext }) => unknown;

interface Trainer {
  readonly targetFormat?: string;
  readonly execute?: Execute;
}

/** A training whose cache is a folder of the test. */
async function stage({ targetFormat, execute = () => ({}) }: Trainer = {}) {
  const backend = await startTestBackend({ state: STATE });
  const root = await folderOf({ 'cache/': '' });
  const cache = join(root, 'cache');
  class Tested extends BaseTrainAction {
    static override readonly targetFormat = targetFormat;
    override cacheFolder() {
      return cache;
    }
    override execute(dataPath: string, checkpoint: Checkpoint | undefined, context: TrainContext) {
      return execute({ dataPath, checkpoint, context });
    }
  }
  const run = (params: object, more: Parameters<typeof runTraining>[2] = {}) =>
    runTraining(Tested, { dataset: 11, ...params }, { client: backend.client, workDir: root, ...more });
  return { ...backend, Tested, root, cache, run };
}

const failing = defineStep<TrainContext>({ name: 'publish', execute: () => StepResult.fail('no') });

describe('a training', () => {
  it('has the steps that its target format asks for, with shares that add up', async () => {
    const { Tested } = await stage({ targetFormat: 'yolo' });
    const names = [...(await new Tested({ dataset: 11 }).prepare()).registry].map(({ name }) => name);
    expect(names).toEqual(Object.keys(trainProportions));
    expect(Object.values(trainProportions).reduce((sum, share) => sum + share, 0)).toBe(100);
    const { Tested: Plain } = await stage();
    const plain = [...(await new Plain({ dataset: 11 }).prepare()).registry].map(({ name }) => name);
    expect(plain).toEqual(['dataset', 'train', 'model_upload']);
  });

  it.each([
    ['imagefolder', 'classes.txt'],
    ['yolo', 'dataset.yaml'],
    ['coco', undefined],
    ['pascal', undefined],
  ])('gets its data as %s', async (targetFormat, config) => {
    const { run, cache } = await stage({ targetFormat, execute: ({ dataPath }) => ({ dataPath }) });
    const { result, report } = await run({});
    expect(report.error).toBeUndefined();
    const folder = join(cache, 'datasets', `11_${targetFormat}`);
    expect(result?.value).toEqual({ dataPath: config === undefined ? folder : join(folder, config) });
    expect((await stat(join(folder, config ?? '.'))).isDirectory()).toBe(config === undefined);
  });

  it('gets the splits that it asks for, whatever they are called', async () => {
    const { run } = await stage({
      targetFormat: 'imagefolder',
      execute: async ({ dataPath }) => (await readdir(dirname(dataPath))).toSorted(),
    });
    const { result, report } = await run({ splits: { train: {}, holdout: {} } });
    expect(report.error).toBeUndefined();
    expect(result?.value).toEqual(['.complete', 'classes.txt', 'holdout', 'train']);
  });

  it('TA-09: gets the folder of its data where nothing else is asked for', async () => {
    const { run, cache } = await stage({ execute: async ({ dataPath }) => (await readdir(dataPath)).toSorted() });
    const { result, context } = await run({});
    expect(result?.value).toEqual(['.complete', 'json', 'original_files']);
    expect(context.dataset).toMatchObject({ path: join(cache, 'datasets/11'), format: 'dm_v2', count: 2 });
  });

  it('takes from the cache what is there, downloaded and converted', async () => {
    const { run, paths } = await stage({
      targetFormat: 'imagefolder',
      execute: ({ dataPath }) => readFile(dataPath, 'utf8'),
    });
    const first = await run({});
    const requests = paths().length;
    const second = await run({});
    expect(second.result?.value).toBe(first.result?.value);
    expect(paths().slice(requests)).toEqual(['GET /sdk/ground_truth_events/ 200']);
  });

  it('W-16: has what execute returned in its result, whatever it is', async () => {
    const { run } = await stage({ execute: () => [1, 2] });
    const { result, report } = await run({});
    expect(result).toEqual({ success: true, stepsExecuted: 2, stepsTotal: 3, value: [1, 2] });
    expect(report.steps.find(({ name }) => name === 'train')?.data).toEqual({ result: [1, 2] });
  });

  it('registers what execute made, and has its id in the result', async () => {
    const { run, server } = await stage({
      execute: async ({ context }) => {
        await writeFile(join(context.runtimeContext.workDir, 'best.txt'), 'w');
        return { weightsPath: 'best.txt', accuracy: 0.9 };
      },
    });
    const { result } = await run({ name: 'digits' });
    expect(result).toMatchObject({ modelId: 701, value: { accuracy: 0.9 } });
    expect(server.state.created.models).toMatchObject([{ name: expect.stringMatching(/^digits_/) as string }]);
  });

  it('starts from the model that its param names, unless the host lends one', async () => {
    const { run } = await stage({ execute: ({ checkpoint }) => ({ checkpoint }) });
    const lent = { category: 'base', path: '/models/77', id: 77, more: 'of it' };
    expect((await run({ checkpoint: 8 }, { checkpoint: lent })).result?.value).toEqual({ checkpoint: lent });
    const missing = await run({ checkpoint: 8 });
    expect(missing.report.error?.message).toMatch(/GET models\/8\/ was refused with 404/);
    expect(missing.said.at(-1)).toBe('train: TRAIN_FAILED_STEP');
  });

  it('is told what of its data could not be converted', async () => {
    const { client } = await startTestBackend({
      state: {
        ...STATE,
        served_files: { ...STATE.served_files, 'two.png': { text: 'no picture at all' } },
      },
    });
    const { Tested } = await stage({ targetFormat: 'yolo' });
    const { report, entries } = await runTraining(Tested, { dataset: 11 }, { client });
    expect(report.steps[1]?.data).toMatchObject({ leftOutCounts: { picture_broken: 1 } });
    const told = entries.find((entry) => entry.event === 'convert_left_out');
    expect(told).toMatchObject({ level: 'warning', data: { counts: { picture_broken: 1 } } });
  });

  it('warns of a split that nobody has', async () => {
    const { run } = await stage({ targetFormat: 'imagefolder' });
    const { report, said } = await run({ splits: { train: {}, nope: {} } });
    expect(report.success).toBe(true);
    expect(said).toContain("dataset: The split 'nope' has no events. Check its name and its conditions.");
  });

  it.each([
    ['a search for hyperparameters', { is_tune: true }, 'needs Ray Tune'],
    ['a split that leads out of the folder', { splits: { '../a': {} } }, 'splits'],
    ['no data set', { dataset: undefined }, 'dataset'],
  ])('refuses %s before anything is asked for', async (_, params, text) => {
    const { run, paths } = await stage();
    await expect(run(params)).rejects.toThrow(text);
    expect(paths()).toEqual([]);
  });
});

describe('a training that fails', () => {
  it('leaves no folder of its own, and the cache as it is', async () => {
    const { run, root, cache } = await stage({ targetFormat: 'yolo' });
    const { report } = await run({ output_dir: 'mine' }, { more: [failing] });
    expect(report.rollback?.complete).toBe(true);
    expect(await readdir(root)).toEqual(['cache']);
    await run({}, { more: [failing] });
    expect((await readdir(join(cache, 'datasets'))).filter((name) => !name.startsWith('.'))).toEqual(['11', '11_yolo']);
  });

  it('leaves a folder alone that was there before it', async () => {
    const { run, root } = await stage();
    await mkdir(join(root, 'mine'));
    await writeFile(join(root, 'mine/notes.txt'), 'precious');
    const { report } = await run({ output_dir: 'mine' });
    expect(report.error?.message).toContain('is there already');
    expect(await readFile(join(root, 'mine/notes.txt'), 'utf8')).toBe('precious');
  });

  it('says that its data set is empty, which one that is not there is, too', async () => {
    const { client } = await startTestBackend({ state: { ground_truth_events: [] } });
    const { Tested } = await stage();
    const { report } = await runTraining(Tested, { dataset: 99 }, { client });
    expect(report.error?.message).toMatch(/^The data set 99 has no events/);
  });

  it('says that there is no backend', async () => {
    const { Tested } = await stage();
    const { report, said } = await runTraining(Tested, { dataset: 11 });
    expect(report.error?.message).toMatch(/^No backend client in context/);
    expect(said.at(-1)).toBe('dataset: TRAIN_FAILED_STEP');
  });
});
