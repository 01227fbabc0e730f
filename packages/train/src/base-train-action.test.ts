import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { BaseTrainAction } from './base-train-action.js';

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
});
