import { z } from 'zod';

/** The bounds that the host announces in `initialize`. Sizes are bytes. */
export const wireLimitsSchema = z
  .looseObject({
    max_frame_bytes: z.int().min(1),
    max_depth: z.int().min(1),
    inline_bytes: z.int().min(1),
    /** What the files of one message may hold together. */
    max_file_bytes: z.int().min(1).optional(),
  })
  .meta({ id: 'Limits' });

/** The bounds that the host announces in `initialize`. */
export type WireLimits = z.infer<typeof wireLimitsSchema>;

/** Bounds of the wire when nobody asks for others. */
export const DEFAULT_WIRE_LIMITS = {
  max_frame_bytes: 8 * 1024 * 1024,
  max_depth: 64,
  inline_bytes: 256 * 1024,
  max_file_bytes: 256 * 1024 * 1024,
} satisfies WireLimits;

/** A plugin may not offer more steps than this. */
export const MAX_STEPS = 1000;
