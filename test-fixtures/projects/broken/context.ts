import { BaseStepContext } from '@synapse-steps/core';
import { z } from 'zod';

export class StrictContext extends BaseStepContext {
  static override readonly params = z.strictObject({ epochs: z.number().int().min(1), csv: z.string() });
}
