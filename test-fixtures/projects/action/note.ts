import { BaseAction } from '@synapse-steps/core';
import { z } from 'zod';

const Params = z.looseObject({
  title: z.string().default('none'),
  reader: z.union([z.int(), z.string()]).nullable().default(null),
});

/** Keeps params that it does not declare. */
export class Note extends BaseAction<typeof Params> {
  static override readonly params = Params;

  override execute() {
    return this.params;
  }
}
