import type { StepRegistry } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { BaseTrainAction } from './base-train-action.js';
import { LocalDatasetStep } from './steps/local-dataset-step.js';
import type { TrainContext } from './train-context.js';

const Params = BaseTrainAction.params.extend({ epochs: z.int().positive().default(10) });

class Trainer extends BaseTrainAction<typeof Params, { accuracy: number }> {
  static override readonly params = Params;

  override execute() {
    return { accuracy: this.params.epochs / 100 };
  }
}

describe('a trainer', () => {
  it('extends the params', async () => {
    const action = new Trainer({ dataset: 11, hyperparameters: [{ epochs: 30, lr: 0.1 }] });
    await action.prepare();
    expect(action.params).toEqual({
      dataset: 11,
      splits: null,
      checkpoint: null,
      is_tune: false,
      hyperparameters: [{ epochs: 30, lr: 0.1 }],
      epochs: 30,
      lr: 0.1,
    });
  });

  it('needs no data set of the backend where a folder is its data set', async () => {
    class OnFolder extends Trainer {
      override setupSteps(registry: StepRegistry<TrainContext>): void {
        super.setupSteps(registry);
        registry.replace('dataset', new LocalDatasetStep({ path: 'shapes' }));
      }
    }
    const action = new OnFolder({ epochs: 2 });
    await action.prepare();
    expect(action.params.dataset).toBeUndefined();
    await expect(new Trainer({ dataset: null }).prepare()).rejects.toMatchObject({
      code: 'invalid_params',
      problems: [{ path: ['dataset'], message: expect.stringContaining('LocalDatasetStep') as string }],
    });
  });

  it('says what an id may be', async () => {
    await expect(new Trainer({ dataset: 1.5 }).prepare()).rejects.toThrow(
      'dataset: the id of a data set is expected: a whole number, or a text',
    );
  });
});
