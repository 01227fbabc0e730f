import { BaseStepContext } from '@synapse-steps/core';
import { z } from 'zod';

export class NumbersContext extends BaseStepContext {
  static override readonly params = z.object({
    count: z.coerce.number().int().min(1),
    label: z.string().default('numbers'),
  });

  numbers: number[] = [];
  seen: string[] = [];
}
