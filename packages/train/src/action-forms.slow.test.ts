import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { defineStep, RetryStep, StepResult, type StepRegistry, TimingStep } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { folderOf, runTraining, startTestBackend } from '../test/train-run.js';
import { BaseTrainAction } from './base-train-action.js';
import { LocalDatasetStep } from './steps/local-dataset-step.js';
import type { Checkpoint, TrainContext } from './train-context.js';

/** Trains on a folder of this machine, and then goes the whole way. */
class Local<T extends z.ZodType = typeof BaseTrainAction.params> extends BaseTrainAction<T> {
  override setupSteps(registry: StepRegistry<TrainContext>): void {
    super.setupSteps(registry);
    registry.replace('dataset', new LocalDatasetStep({ path: '.' }));
  }
}

describe('what execute returns', () => {
  async function modelOf(value: unknown) {
    const workDir = await folderOf({ 'best.bin': 'weights' });
    const { server, client } = await startTestBackend();
    class Tested extends Local {
      override execute(): unknown {
        return value;
      }
    }
    const run = await runTraining(Tested, { dataset: 1 }, { client, workDir });
    return { ...run, models: server.state.created.models.length };
  }

  it.each<[string, unknown, number]>([
    ['an object with weightsPath', { weightsPath: 'best.bin' }, 1],
    ['an object with weights_path', { weights_path: 'best.bin' }, 1],
    ['a result of a step with weightsPath in its data', StepResult.ok({ data: { weightsPath: 'best.bin' } }), 1],
    ['nothing', undefined, 0],
    ['null', null, 0],
    ['a number', 0.9, 0],
    ['a list', [1, 2], 0],
    ['an object without weights', { accuracy: 0.9, weightsPath: null }, 0],
  ])('may be %s', async (_, value, count) => {
    const { report, models } = await modelOf(value);
    expect(report.error).toBeUndefined();
    expect(models).toBe(count);
  });

  it.each<[string, unknown]>([
    ['a number', 7],
    ['an address', new URL('file:///best.bin')],
  ])('fails the training when its weightsPath is %s, for nobody would miss the model', async (_, weightsPath) => {
    const { report, models } = await modelOf({ weightsPath });
    expect(report.error?.message).toMatch(/^execute returned a weightsPath that is no path/);
    expect(models).toBe(0);
  });

  it('is a failure where it is a failed result', async () => {
    const { report, models } = await modelOf(StepResult.fail('no luck', { data: { weightsPath: 'best.bin' } }));
    expect([report.error?.message, models]).toEqual(['no luck', 0]);
  });
});

describe('params', () => {
  const Own = z.object({ dataset: z.int(), epochs: z.int().default(3) });
  class OwnParams extends Local<typeof Own> {
    static override readonly params = Own as unknown as typeof BaseTrainAction.params;
    static override readonly targetFormat: string | undefined = undefined;
    override execute(_dataPath: string, checkpoint: Checkpoint | undefined): unknown {
      return { checkpoint: checkpoint ?? 'none', epochs: this.params.epochs };
    }
  }

  it('may be a schema of their own that has none of the others', async () => {
    const workDir = await folderOf();
    const { client, paths } = await startTestBackend();
    const { result, report } = await runTraining(OwnParams, { dataset: 1 }, { client, workDir });
    expect(report.error).toBeUndefined();
    expect(result?.value).toEqual({ checkpoint: 'none', epochs: 3 });
    expect(paths()).toEqual([]);
  });

  it('of a schema of their own are enough to download and convert a data set divided into splits', async () => {
    class Divided extends OwnParams {
      static override readonly targetFormat = 'yolo';
      override setupSteps(registry: StepRegistry<TrainContext>): void {
        super.setupSteps(registry);
        registry.replace('dataset', new LocalDatasetStep({ path: 'data', isCategorized: true }));
      }
    }
    const workDir = await folderOf();
    for (const split of ['train', 'valid']) {
      await mkdir(join(workDir, 'data', split, 'json'), { recursive: true });
      await mkdir(join(workDir, 'data', split, 'original_files'), { recursive: true });
      await writeFile(join(workDir, 'data', split, 'original_files', 'a.png'), PICTURE);
      const box = { id: 'b', classification: 'cat', attrs: [], data: [2, 3, 8, 4] };
      const document = { classification: { bounding_box: ['cat'] }, images: [{ bounding_box: [box] }] };
      await writeFile(join(workDir, 'data', split, 'json', 'a.json'), JSON.stringify(document));
    }
    const { report } = await runTraining(Divided, { dataset: 1 }, { workDir });
    expect(report.error).toBeUndefined();
  });

  it('that name no data set fail the step that would download it, and say what to do', async () => {
    class Sourceless extends BaseTrainAction {
      override setupSteps(registry: StepRegistry<TrainContext>): void {
        super.setupSteps(registry);
        registry.replace('dataset', new TimingStep(registry.get('dataset'))); // unwrapped, it is refused before the run
      }
    }
    const { client } = await startTestBackend();
    const { report, said } = await runTraining(Sourceless, {}, { client });
    expect(report.error?.message).toMatch(/^The params name no data set\. Give 'dataset', or replace/);
    expect(said).toEqual(['timed_dataset: TRAIN_FAILED_CONFIG']);
  });

  it('are folded in from the hyperparameters where they are undefined', async () => {
    const workDir = await folderOf();
    const params = { dataset: 1, epochs: undefined, hyperparameters: [{ epochs: 7 }] };
    const { result } = await runTraining(OwnParams, params, { workDir });
    expect(result?.value).toMatchObject({ epochs: 7 });
  });
});

describe('a folder of this machine', () => {
  it.each<[string, LocalDatasetStep, RegExp]>([
    [
      'is not there',
      new LocalDatasetStep({ path: 'gone' }),
      /The data set \S+gone cannot be opened: ENOENT.* Name a folder/,
    ],
    ['is a file', new LocalDatasetStep({ path: 'file' }), /The data set \S+file is no folder\. Name a folder/],
    [
      'lacks the file to be read first',
      new LocalDatasetStep({ path: '.', configPath: 'classes.txt' }),
      /classes\.txt.* configPath/,
    ],
    [
      'is of a format that nobody knows',
      new LocalDatasetStep({ path: '.', format: 'imgfolder' }),
      /'imgfolder' is no format/,
    ],
  ])('that %s fails the training before the trainer is called', async (_, step, text) => {
    class Tested extends BaseTrainAction {
      static override readonly targetFormat = 'yolo';
      override setupSteps(registry: StepRegistry<TrainContext>): void {
        super.setupSteps(registry);
        registry.replace('dataset', step);
        if (text.source.includes('format')) return;
        registry.unregister('convert');
      }
      override execute(dataPath: string): never {
        expect.fail(`It was called with ${dataPath}.`);
      }
    }
    const workDir = await folderOf({ file: '' });
    const { report } = await runTraining(Tested, { dataset: 1 }, { workDir });
    expect(report.error?.message).toMatch(text);
  });
});

describe('steps', () => {
  it('that retry the training give its last value', async () => {
    const workDir = await folderOf();
    let tries = 0;
    class Retried extends Local {
      override setupSteps(registry: StepRegistry<TrainContext>): void {
        super.setupSteps(registry);
        registry.replace('train', new RetryStep(this.trainStep(), { attempts: 2, delayMs: 0 }));
      }
      override execute(): unknown {
        tries += 1;
        if (tries === 1) throw new Error('once');
        return { tries };
      }
    }
    const { result } = await runTraining(Retried, { dataset: 1 }, { workDir });
    expect(result?.value).toEqual({ tries: 2 });
  });

  it('of ones own may make models, and delete them in their undo', async () => {
    const workDir = await folderOf({ 'best.bin': 'weights' });
    const { server, client } = await startTestBackend();
    class Publishing extends Local {
      override setupSteps(registry: StepRegistry<TrainContext>): void {
        super.setupSteps(registry);
        const publish = defineStep<TrainContext>({
          name: 'publish',
          execute: async (context) => {
            await context.createModel('best.bin', { name: 'again' });
            return StepResult.ok();
          },
          rollback: (context, result) => context.deleteModels(result),
        });
        registry.insertAfter('train', publish);
      }
      override execute(): unknown {
        return { weightsPath: 'best.bin' };
      }
    }
    const failing = defineStep<TrainContext>({ name: 'last', execute: () => StepResult.fail('no') });
    const { report } = await runTraining(Publishing, { dataset: 1 }, { client, workDir, more: [failing] });
    expect(server.state.created.models).toEqual([]);
    expect(report.rollback?.steps.map(({ name, leftBehind }) => [name, leftBehind.length])).toEqual([
      ['last', 0],
      ['model_upload', 1],
      ['publish', 1],
      ['train', 0],
      ['dataset', 0],
    ]);
  });
});

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAABQAAAAKCAIAAAA7N+mxAAAAF0lEQVR4nGM8wcXFQC5gIlvnqOYRoxkAJZIA8JEUpzoAAAAASUVORK5CYII=',
  'base64',
);
