import { idSchema } from '@synapse-steps/backend/api';
import type { RuntimeContext } from '@synapse-steps/core';
import { z } from 'zod';

import type { Checkpoint } from '../train-context.js';
import { TrainError } from '../train-error.js';

const lentSchema = z.looseObject({
  category: z.string().default('base'),
  path: z.string().min(1),
  id: idSchema.optional(),
  name: z.string().optional(),
});

/** The model to start from that the host lends, with whatever it says of it. @throws TrainError `checkpoint_not_usable` */
export function lentCheckpoint({ checkpoint }: RuntimeContext): Checkpoint | undefined {
  if (checkpoint === undefined) return undefined;
  const checked = lentSchema.safeParse(checkpoint);
  if (checked.success) return { ...checkpoint, ...checked.data } as Checkpoint;
  throw new TrainError({
    code: 'checkpoint_not_usable',
    message: `The checkpoint of the runtime context cannot be used: ${z.prettifyError(checked.error)}`,
    cause: checked.error,
  });
}
