import { z } from 'zod';

import { errorRecordSchema } from '../errors/error-record.js';
import { patchOperationSchema } from '../json/json-patch.js';
import { runReportSchema, undoOutcomeSchema } from '../report/run-report.js';

// Everything that a run says about itself is one of these events. Console, journal, page and `--json` read the same stream.

const run = {
  runId: z.string(),
  /** 1, 2, 3 … without gaps. */
  seq: z.int().positive(),
  /** RFC 3339, UTC, milliseconds. */
  time: z.iso.datetime(),
};
/** The registry's name, or a path `parent/child`. */
const step = { ...run, step: z.string() };
const attempt = z.int().positive();
const jsonObject = z.record(z.string(), z.json());
/** In process anything may be in a step's data; at a boundary it is JSON or an error. */
const stepData = z.record(z.string(), z.unknown());

export interface StepOutline {
  name: string;
  weight: number;
  /** Its share of a backend job's progress, where an action declares that. */
  proportion?: number | undefined;
  children?: StepOutline[] | undefined;
}

const stepOutlineSchema: z.ZodType<StepOutline> = z.object({
  name: z.string(),
  weight: z.number(),
  proportion: z.number().optional(),
  get children() {
    return z.array(stepOutlineSchema).optional();
  },
});

export const logLevelSchema = z.enum(['debug', 'info', 'success', 'warning', 'danger', 'error', 'critical']);

export const runEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run-start'),
    ...run,
    workflow: z.string().optional(),
    params: jsonObject.optional(),
    workDir: z.string(),
    steps: z.array(stepOutlineSchema),
  }),
  z.object({ type: z.literal('run-resume'), ...run, fromSeq: z.int().positive() }),
  z.object({ type: z.literal('run-cancel'), ...run, reason: z.string() }),
  z.object({ type: z.literal('step-start'), ...step }),
  z.object({ type: z.literal('step-retry'), ...step, attempt, delayMs: z.number(), error: errorRecordSchema }),
  z.object({ type: z.literal('step-skip'), ...step, reason: z.string().optional() }),
  z.object({
    type: z.literal('step-progress'),
    ...step,
    current: z.number(),
    total: z.number(),
    category: z.string(),
    /** 0 … 1 of this category. */
    fraction: z.number(),
    message: z.string().optional(),
  }),
  z.object({
    type: z.literal('run-progress'),
    ...run,
    /** Whole percent, truncated. */
    percent: z.int().min(0).max(100),
    /** 0 … 1. */
    fraction: z.number().min(0).max(1),
    remainingMs: z.number().optional(),
  }),
  z.object({
    type: z.literal('step-metric'),
    ...step,
    category: z.string(),
    metrics: z.record(z.string(), z.unknown()),
  }),
  z.object({
    type: z.literal('step-log'),
    ...step,
    level: logLevelSchema,
    event: z.string().optional(),
    data: z.unknown().optional(),
    message: z.string().optional(),
    /** The key of the message code that `message` was made from. */
    code: z.string().optional(),
    /** Name or address of a file that goes with the line. */
    file: z.string().optional(),
    /** Set for a line that a plugin printed. */
    source: z.enum(['stdout', 'stderr']).optional(),
  }),
  z.object({ type: z.literal('undo-saved'), ...step, attempt, data: jsonObject }),
  z.object({
    type: z.literal('context-change'),
    ...step,
    /** The path of the step whose steps have a context of their own (an action); that of the run where there is none. */
    context: z.string().optional(),
    patch: z.array(patchOperationSchema),
  }),
  z.object({
    type: z.literal('step-end'),
    ...step,
    status: z.enum(['completed', 'failed', 'unknown']),
    durationMs: z.number(),
    data: stepData.optional(),
    rollbackData: jsonObject.optional(),
    error: errorRecordSchema.optional(),
  }),
  z.object({ type: z.literal('rollback-start'), ...run, cause: errorRecordSchema, steps: z.array(z.string()) }),
  z.object({ type: z.literal('undo-start'), ...step, attempt, undoAttempt: attempt }),
  z.object({
    type: z.literal('undo-end'),
    ...step,
    attempt,
    /** 0 when `rollback` was not called. */
    undoAttempt: z.int().nonnegative(),
    outcome: undoOutcomeSchema,
    leftBehind: z.array(z.string()).optional(),
    error: errorRecordSchema.optional(),
  }),
  z.object({ type: z.literal('rollback-end'), ...run, complete: z.boolean() }),
  z.object({ type: z.literal('observer-error'), ...run, error: errorRecordSchema }),
  z.object({ type: z.literal('run-end'), ...run, report: runReportSchema }),
]);

export type RunEvent = z.infer<typeof runEventSchema>;
export type RunEventType = RunEvent['type'];
export type LogLevel = z.infer<typeof logLevelSchema>;

/** An event before the stream gives it its run, number and time. */
export type RunEventBody = RunEvent extends infer Event
  ? Event extends RunEvent
    ? Omit<Event, keyof typeof run>
    : never
  : never;
