import { z } from 'zod';
import { capabilitiesSchema } from './capabilities.js';
import { jsonObjectSchema } from './frame.js';
import { wireLimitsSchema } from './limits.js';

/** What the host says first: who it is, which versions it speaks, and what the plugin may rely on. */
export const initializeParamsSchema = z
  .looseObject({
    protocol_versions: z.array(z.int().min(1)).min(1),
    host: z.looseObject({ name: z.string(), version: z.string() }),
    session: z.string().min(1),
    limits: wireLimitsSchema,
    work_dir: z.string(),
    exchange_dir: z.string().nullable().default(null),
    config: jsonObjectSchema.default({}),
    secrets: z.record(z.string(), z.string()).default({}),
  })
  .meta({ id: 'InitializeParams' });

/** Who the plugin is, the version that it picked, and what it can do. */
export const initializeResultSchema = z
  .looseObject({
    protocol_version: z.int().min(1),
    plugin: z
      .looseObject({
        name: z.string().default(''),
        version: z.string().default(''),
        language: z.string().default(''),
        sdk: z.looseObject({ name: z.string(), version: z.string() }).nullable().default(null),
      })
      .prefault({}),
    capabilities: capabilitiesSchema.prefault({}),
  })
  .meta({ id: 'InitializeResult' });

export type InitializeParams = z.input<typeof initializeParamsSchema>;
export type InitializeResult = z.infer<typeof initializeResultSchema>;
