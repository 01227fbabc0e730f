import { z } from 'zod';
import { jsonObjectSchema, requestIdSchema } from './frame.js';
import { patchSchema } from './json-patch.js';

/** Notifications of a plugin name their request and count up from 1 within it, so that a lost one shows. */
const ofRequest = { id: requestIdSchema, seq: z.int().min(1) };

/** How far a step is; without numbers it is only a sign of life. */
export const progressParamsSchema = z
  .looseObject({
    ...ofRequest,
    current: z.number().nullable().default(null),
    total: z.number().nullable().default(null),
    category: z.string().nullable().default(null),
    message: z.string().nullable().default(null),
  })
  .meta({ id: 'ProgressParams' });

/** Measured values; never dropped. */
export const metricsParamsSchema = z
  .looseObject({ ...ofRequest, category: z.string().nullable().default(null), metrics: jsonObjectSchema })
  .meta({ id: 'MetricsParams' });

/** The levels of a log line, lowest first. */
export const logLevelSchema = z.enum(['debug', 'info', 'success', 'warning', 'danger', 'error', 'critical']);

/** A log line: either an event with data, or a message. */
export const logParamsSchema = z
  .looseObject({
    ...ofRequest,
    level: logLevelSchema.catch('info'),
    event: z.string().nullable().default(null),
    data: jsonObjectSchema.nullable().default(null),
    message: z.string().nullable().default(null),
  })
  .meta({ id: 'LogParams' });

/** Undo data to be kept before the effect happens; its top-level keys merge over what was saved. */
export const undoParamsSchema = z
  .looseObject({ ...ofRequest, data: jsonObjectSchema, patch: patchSchema.default([]) })
  .meta({ id: 'UndoParams' });

/** Host → plugin: the undo data with this `seq` is safe now. */
export const undoSavedParamsSchema = z.looseObject(ofRequest).meta({ id: 'UndoSavedParams' });

/** Host → plugin: please stop the request; it is answered all the same. */
export const cancelParamsSchema = z
  .looseObject({ id: requestIdSchema, reason: z.string().default(''), grace_ms: z.number().min(0) })
  .meta({ id: 'CancelParams' });

export type ProgressParams = z.infer<typeof progressParamsSchema>;
export type MetricsParams = z.infer<typeof metricsParamsSchema>;
export type LogLevel = z.infer<typeof logLevelSchema>;
export type LogParams = z.infer<typeof logParamsSchema>;
export type UndoParams = z.infer<typeof undoParamsSchema>;
export type UndoSavedParams = z.infer<typeof undoSavedParamsSchema>;
export type CancelParams = z.infer<typeof cancelParamsSchema>;
