import { z } from 'zod';

import { errorRecordSchema } from '../errors/error-record.js';

export const runStatusSchema = z.enum([
  'pending',
  'running',
  'succeeded',
  'rolling-back',
  'rolled-back',
  'rollback-incomplete',
  'rollback-abandoned',
  'interrupted',
  'failed',
]);

const stepStatusSchema = z.enum(['pending', 'running', 'skipped', 'completed', 'failed', 'unknown']);

/** What became of the undo of one step. A rollback is complete if every outcome is `undone` or `nothing-to-undo`. */
export const undoOutcomeSchema = z.enum([
  'undone',
  'failed',
  'irreversible',
  'nothing-to-undo',
  'kept',
  'not-attempted',
]);

const stepReportSchema = z.object({
  name: z.string(),
  status: stepStatusSchema,
  /** How often `execute` was entered. */
  attempts: z.int().nonnegative(),
  /** RFC 3339, UTC, milliseconds. */
  startedAt: z.string().optional(),
  durationMs: z.number().optional(),
  data: z.unknown(),
  skipReason: z.string().optional(),
  error: errorRecordSchema.optional(),
});

const undoReportSchema = z.object({
  name: z.string(),
  outcome: undoOutcomeSchema,
  /** How often `rollback` was called. */
  tries: z.int().nonnegative(),
  leftBehind: z.array(z.string()),
  error: errorRecordSchema.optional(),
});

/** What a run did: the fold of its events. */
export const runReportSchema = z.object({
  runId: z.string(),
  workflow: z.string().optional(),
  status: runStatusSchema,
  success: z.boolean(),
  /** Steps of the registry whose `execute` was entered; skipped ones count only in `stepsTotal`. */
  stepsExecuted: z.int().nonnegative(),
  stepsTotal: z.int().nonnegative(),
  startedAt: z.string().optional(),
  durationMs: z.number(),
  /** The first failure, or the cancel (`code` is then `run_cancelled`). */
  error: errorRecordSchema.optional(),
  /** In order; the steps inside a step follow it, with the path `parent/child` as their name. */
  steps: z.array(stepReportSchema),
  /** In undo order. Also there, for a run that succeeded, when an optional step failed. */
  rollback: z.object({ complete: z.boolean(), steps: z.array(undoReportSchema) }).optional(),
});

export type RunStatus = z.infer<typeof runStatusSchema>;
export type StepStatus = z.infer<typeof stepStatusSchema>;
export type UndoOutcome = z.infer<typeof undoOutcomeSchema>;
export type StepReport = z.infer<typeof stepReportSchema>;
export type UndoReport = z.infer<typeof undoReportSchema>;
export type RunReport = z.infer<typeof runReportSchema>;

/** Whether an outcome leaves nothing behind. */
export function isClean(outcome: UndoOutcome): boolean {
  return outcome === 'undone' || outcome === 'nothing-to-undo';
}
