import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

// The form of the files in test-fixtures/conformance/steps; its README says what each word means. Unknown words are errors.

const json = z.json();
const jsonObject = z.record(z.string(), json);
const name = z.string();

/** One action of the `do` language; which words there are is checked where they are performed. */
const action = z.record(z.string(), json).refine((value) => Object.keys(value).length === 1, 'an action has one key');
const error = z.array(json).min(1);

const resultFields = z.strictObject({
  data: jsonObject.optional(),
  rollback_data: jsonObject.optional(),
  error: z.string().nullish(),
  skipped: z.boolean().optional(),
});

const outcome = z.union([
  z.strictObject({ ok: resultFields }),
  z.strictObject({ fail: z.string().nullable(), with: resultFields.optional() }),
  z.strictObject({ raise: error }),
  z.strictObject({ none: z.literal(true) }),
  z.strictObject({ value: json }),
]);

const actionsByMethod = z.strictObject({
  can_skip: z.array(action).optional(),
  execute: z.array(action).optional(),
  rollback: z.array(action).optional(),
});

export const stepSpecSchema = z.strictObject({
  name: name.optional(),
  weight: z.number().optional(),
  proportion: z.number().optional(),
  can_skip: json.optional(),
  execute: z.union([outcome, z.array(outcome).min(1)]).optional(),
  rollback: z.string().optional(),
  do: actionsByMethod.optional(),
  wrap: z.array(z.enum(['logged', 'timed'])).optional(),
  validator: json.optional(),
});

const clientScript = z.strictObject({
  update_job: z.array(z.string()).min(1).optional(),
  create_logs: z.array(z.string()).min(1).optional(),
});

const callback = z.union([
  z.enum(['record', 'forward', 'omitted']),
  z.null(),
  z.strictObject({ raise_at: z.number(), error }),
]);

export const workflowGivenSchema = z.strictObject({
  steps: z.array(stepSpecSchema).optional(),
  edits: z.array(action).optional(),
  callback: callback.optional(),
  before_step: z
    .strictObject({
      do: z.record(z.string(), z.array(action)).optional(),
      raise_at: z.string().optional(),
      error: error.optional(),
    })
    .optional(),
  runs: z.number().optional(),
  logger: z.enum(['memory', 'job', 'none', 'bare']).optional(),
  proportions: z.record(z.string(), z.number()).optional(),
  client: clientScript.optional(),
  env: z.record(z.string(), z.string()).optional(),
  language: z.string().optional(),
  actions: z.array(action).optional(),
});

export const jobGivenSchema = z.strictObject({
  proportions: z.record(z.string(), z.number()).optional(),
  options: z
    .strictObject({
      log_batch_size: z.number().optional(),
      log_flush_interval: z.number().optional(),
      progress_flush_interval: z.number().optional(),
      background_flush: z.literal(false).optional(),
    })
    .optional(),
  client: clientScript.optional(),
  ops: z.array(action),
  show_requests: z.boolean().optional(),
});

export const opsGivenSchema = z.strictObject({ ops: z.array(action) });
export const fieldsGivenSchema = z.strictObject({
  fields: z.strictObject({
    success: z.boolean().optional(),
    data: jsonObject.optional(),
    error: z.string().nullish(),
    rollback_data: jsonObject.optional(),
    skipped: z.boolean().optional(),
  }),
});

const kindSchema = z.enum(['step_result', 'registry', 'workflow', 'context', 'logger', 'job_logger']);

const vectorCaseSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  kind: kindSchema,
  given: jsonObject,
  expect: jsonObject,
  defect: z.string().nullable(),
});

const vectorFileSchema = z.strictObject({
  format: z.literal(1),
  group: z.string(),
  sdk: z.string(),
  about: z.string(),
  cases: z.array(vectorCaseSchema),
});

export type Action = z.infer<typeof action>;
export type StepSpec = z.infer<typeof stepSpecSchema>;
export type Outcome = z.infer<typeof outcome>;
export type WorkflowGiven = z.infer<typeof workflowGivenSchema>;
export type Json = z.infer<typeof json>;
export type VectorKind = z.infer<typeof kindSchema>;

/** The releases that were recorded: with weighted progress, and the later ones without. */
export type Release = 'weighted' | 'current';

export function releaseOf(sdk: string): Release {
  return sdk.startsWith('2026.1.') ? 'weighted' : 'current';
}

/** One case, and the release that it was recorded from. */
export interface VectorCase extends z.infer<typeof vectorCaseSchema> {
  readonly file: string;
  readonly sdk: string;
}

/** The cases of all files of a folder. @throws Error that names the file which is not of this form. */
export function readVectors(folder: string): VectorCase[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted();
  if (files.length === 0) throw new Error(`${folder} holds no *.json file with vectors.`);
  return files.flatMap((file) => {
    const parsed = vectorFileSchema.safeParse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    if (!parsed.success)
      throw new Error(`${join(folder, file)} is no file of vectors:\n${z.prettifyError(parsed.error)}`);
    const { sdk, cases } = parsed.data;
    return cases.map((vectorCase) => ({ ...vectorCase, file, sdk }));
  });
}
