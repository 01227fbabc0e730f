import { z } from 'zod';
import { jsonObjectSchema } from './frame.js';
import { patchSchema } from './json-patch.js';

/**
 * The three calls that a step can get. Each request carries all that the step needs, so that a restarted plugin needs
 * no memory of its earlier life; each answer carries what changed, never the whole.
 */

/** The whole context at revision `rev`. */
export const contextSnapshotSchema = z
  .looseObject({ rev: z.int().min(0), full: jsonObjectSchema })
  .meta({ id: 'ContextSnapshot' });

/**
 * What makes the context at revision `base`, which this very process holds, the one at revision `rev`. Only for a plugin
 * that declares `context_delta`.
 */
export const contextDeltaSchema = z
  .looseObject({ base: z.int().min(0), rev: z.int().min(0), patch: patchSchema })
  .meta({ id: 'ContextDelta' });

const stepCall = {
  run_id: z.string(),
  step: z.string().min(1),
  params: jsonObjectSchema,
  step_params: jsonObjectSchema,
  context: z.union([contextSnapshotSchema, contextDeltaSchema]),
};

/** What a step raised: the name of the exception's type, its message, and the lines of its traceback. */
export const stepCauseSchema = z
  .looseObject({ type: z.string(), message: z.string(), traceback: z.array(z.string()).default([]) })
  .meta({ id: 'StepCause' });

/** A question that must not change anything. */
export const canSkipParamsSchema = z.looseObject(stepCall).meta({ id: 'CanSkipParams' });

/** The answer to `can_skip`. */
export const canSkipResultSchema = z
  .looseObject({ skip: z.boolean(), reason: z.string().nullable().default(null) })
  .meta({ id: 'CanSkipResult' });

/** Runs a step; `deadline_ms` is what is left of its time, not a time of day. */
export const executeParamsSchema = z
  .looseObject({
    ...stepCall,
    attempt: z.int().min(1),
    idempotency_key: z.string(),
    deadline_ms: z.number().min(0).nullable().default(null),
  })
  .meta({ id: 'ExecuteParams' });

/** What a step returned. A failed step is a result too: it keeps its data, undo data and patch. */
export const executeResultSchema = z
  .looseObject({
    success: z.boolean(),
    skipped: z.boolean().default(false),
    skip_reason: z.string().nullable().default(null),
    error: z.string().nullable().default(null),
    cause: stepCauseSchema.nullable().default(null),
    data: jsonObjectSchema.nullable().default(null),
    undo: jsonObjectSchema.nullable().default(null),
    patch: patchSchema.default([]),
  })
  .meta({ id: 'ExecuteResult' });

/** Undoes a step, from the fold of all undo data that the host holds. Must be idempotent. */
export const rollbackParamsSchema = z
  .looseObject({
    ...stepCall,
    attempt: z.int().min(1),
    idempotency_key: z.string(),
    result: z.looseObject({
      status: z.enum(['completed', 'failed', 'unknown']),
      data: jsonObjectSchema.nullable(),
      error: z.string().nullable(),
    }),
    undo: jsonObjectSchema,
    cause: z
      .looseObject({ name: z.string(), message: z.string(), code: z.string().nullable().default(null) })
      .nullable(),
    undo_attempt: z.int().min(1),
  })
  .meta({ id: 'RollbackParams' });

/** What came of an undo. */
export const rollbackResultSchema = z
  .looseObject({
    outcome: z.enum(['undone', 'failed', 'irreversible', 'nothing-to-undo']),
    left_behind: z.array(z.string()).default([]),
    error: z.string().nullable().default(null),
    cause: stepCauseSchema.nullable().default(null),
    patch: patchSchema.default([]),
  })
  .meta({ id: 'RollbackResult' });

export type ContextSnapshot = z.infer<typeof contextSnapshotSchema>;
export type ContextDelta = z.infer<typeof contextDeltaSchema>;
export type StepCause = z.infer<typeof stepCauseSchema>;
export type CanSkipParams = z.infer<typeof canSkipParamsSchema>;
export type CanSkipResult = z.infer<typeof canSkipResultSchema>;
export type ExecuteParams = z.infer<typeof executeParamsSchema>;
export type ExecuteResult = z.infer<typeof executeResultSchema>;
export type RollbackParams = z.infer<typeof rollbackParamsSchema>;
export type RollbackResult = z.infer<typeof rollbackResultSchema>;
