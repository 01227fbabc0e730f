import { BaseStepContext } from '@synapse-steps/core';
import { z } from 'zod';

export class MixedContext extends BaseStepContext {
  static override readonly params = z.object({
    epochs: z.number().int().min(1).default(3),
    fail: z.boolean().default(false),
  });

  rows: number[] = [];
  model: { slope?: number } = {};
}
