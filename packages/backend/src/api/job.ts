import { z } from 'zod';

import { idSchema } from './id.js';

export const jobStatusSchema = z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']);

const jsonObject = z.record(z.string(), z.unknown());

/** Body of `PATCH jobs/{id}/`: what is to change. */
export const jobUpdateSchema = z.object({
  status: jobStatusSchema.optional(),
  progress_record: jsonObject.optional(),
  metrics_record: jsonObject.optional(),
  result: z.unknown().optional(),
  meta: jsonObject.optional(),
});

/** Answer of `GET jobs/{id}/`. */
export const jobSchema = z.looseObject({ id: idSchema, plugin_release: z.unknown().optional() });

/** Answer of `PATCH jobs/{id}/`: the job, or only what was changed. */
export const updatedJobSchema = z.looseObject({ id: idSchema.optional() });

/** One line of `POST logs/`, which takes one or a list. */
export const jobLogLineSchema = z.looseObject({
  event: z.string(),
  data: jsonObject,
  /** RFC 3339, UTC. */
  datetime: z.string(),
  job: idSchema,
  level: z.string().optional(),
  step: z.string().optional(),
  /** `data:…;base64,…` */
  file: z.string().optional(),
});

export type Job = z.infer<typeof jobSchema>;
export type JobUpdate = z.infer<typeof jobUpdateSchema>;
export type JobLogLine = z.infer<typeof jobLogLineSchema>;
export type JobStatus = z.infer<typeof jobStatusSchema>;
