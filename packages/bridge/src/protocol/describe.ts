import { z } from 'zod';
import { jsonObjectSchema } from './frame.js';
import { MAX_STEPS } from './limits.js';

/** `describe` takes nothing. */
export const describeParamsSchema = z.looseObject({}).meta({ id: 'DescribeParams' });

/** What a step does when the run was interrupted inside it; see the rollback contract. */
export const onInterruptSchema = z.enum(['undo-then-retry', 'retry', 'hold']);

const milliseconds = z.number().min(0);

/** One step that the plugin offers. Only its name is required. */
export const stepDescriptionSchema = z
  .looseObject({
    name: z.string().min(1),
    weight: z.number().min(0).default(1),
    title: z.string().nullable().default(null),
    version: z.string().nullable().default(null),
    step_params: jsonObjectSchema.nullable().default(null),
    can_skip: z.boolean().default(false),
    rollback: z.boolean().default(false),
    irreversible: z.boolean().default(false),
    pivot: z.boolean().default(false),
    optional: z.boolean().default(false),
    rollback_own_failure: z.boolean().default(true),
    on_interrupt: onInterruptSchema.nullable().default(null),
    timeout_ms: milliseconds.nullable().default(null),
    cancel_grace_ms: milliseconds.nullable().default(null),
    hang_timeout_ms: milliseconds.nullable().default(null),
    exclusive: z.boolean().default(false),
    env: z.array(z.string()).default([]),
  })
  .meta({ id: 'StepDescription' });

/** Everything that the plugin offers. */
export const describeResultSchema = z
  .looseObject({
    steps: z.array(stepDescriptionSchema).max(MAX_STEPS),
    actions: z.array(jsonObjectSchema).default([]),
  })
  .meta({ id: 'DescribeResult' });

export type StepDescription = z.infer<typeof stepDescriptionSchema>;
export type DescribeResult = z.infer<typeof describeResultSchema>;
