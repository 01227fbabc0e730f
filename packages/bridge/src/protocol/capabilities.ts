import { z } from 'zod';

/**
 * What a plugin can do beyond `initialize`, `describe` and `execute`. A flag that is missing means "no", so that the
 * shortest plugin may leave the whole object out.
 */
export const capabilitiesSchema = z
  .looseObject({
    max_in_flight: z.int().min(1).default(1),
    cancel: z.boolean().default(false),
    ping: z.boolean().default(false),
    rollback: z.boolean().default(false),
    can_skip: z.boolean().default(false),
    undo: z.boolean().default(false),
    context_delta: z.boolean().default(false),
    files: z.boolean().default(false),
    actions: z.boolean().default(false),
  })
  .meta({ id: 'Capabilities' });

/** What a plugin can do beyond `initialize`, `describe` and `execute`. */
export type Capabilities = z.infer<typeof capabilitiesSchema>;
