import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

// The form that vectors of all actions have in common; the README of their recorder says what each word means.
// Unknown words are errors: whatever a file gives or expects is done and compared, or refused.

export const json = z.json();
export const jsonObject = z.record(z.string(), json);
export const texts = z.array(z.string());
const records = z.record(z.string(), jsonObject);

const fileSpecSchema = z
  .strictObject({
    text: z.string().optional(),
    base64: z.string().optional(),
    size: z.int().nonnegative().optional(),
    fill: z.string().min(1).optional(),
    mtime: z.number().optional(),
    /** Only tells the reader of the file what a spreadsheet holds. */
    rows: json.optional(),
    /** `{root}` and `{backend}` in the text are filled in. */
    template: z.boolean().optional(),
  })
  .refine((spec) => [spec.text, spec.base64, spec.size].filter((part) => part !== undefined).length <= 1, {
    message: 'A file has one of text, base64 and size.',
  });

/** Files by their name below the case's folder. */
export const filesSchema = z.record(z.string(), fileSpecSchema);

const backendSchema = z.strictObject({
  storages: records.optional(),
  data_collections: records.optional(),
  projects: records.optional(),
  models: records.optional(),
  jobs: records.optional(),
  plugin_releases: records.optional(),
  ground_truth_events: z.array(jsonObject).optional(),
  served_files: z.record(z.string(), fileSpecSchema).optional(),
  storage_sessions: z.boolean().optional(),
  presigned: z.boolean().optional(),
  multipart_over: z.number().optional(),
  confirm_refuses: texts.optional(),
  data_units_answered: z.number().optional(),
  known_checksums: texts.optional(),
});

const faultSchema = z.strictObject({
  method: z.string(),
  path: z.string(),
  nth: z.int().positive().optional(),
  times: z.int().positive().optional(),
  status: z.int().nonnegative().optional(),
  body: json.optional(),
  xml: z.string().optional(),
  after: z.boolean().optional(),
});

export const ownStepSchema = z.strictObject({
  raise: z.string().optional(),
  fail: z.string().optional(),
  data: jsonObject.optional(),
  set: jsonObject.optional(),
  skip: z.boolean().optional(),
  weight: z.number().optional(),
  proportion: z.number().optional(),
});

/** What is given to a run of an action; each kind of action adds its own words under `action`. */
export const runGivenSchema = z.strictObject({
  params: jsonObject,
  files: filesSchema.default({}),
  backend: backendSchema.default({}),
  faults: z.array(faultSchema).default([]),
  checkpoint: jsonObject.nullish(),
  job_id: z.string().nullish(),
  client: z.boolean().default(true),
  logger: z.literal('job').optional(),
  backend_url: z.string().optional(),
  read_back: z.string().optional(),
});

const filePartSchema = z.strictObject({
  field: z.string(),
  filename: z.string().nullable(),
  /** Or `{any}`. */
  size: z.union([z.number(), z.string()]),
  md5: z.string(),
});
const formSchema = z.strictObject({ fields: z.record(z.string(), z.string()), files: z.array(filePartSchema) });

const requestSchema = z.strictObject({
  method: z.string(),
  path: z.string(),
  query: z.array(z.tuple([z.string(), z.string()])).optional(),
  content_type: z.string().optional(),
  content_range: z.string().optional(),
  auth: z.literal(false).optional(),
  json: json.optional(),
  form: formSchema.optional(),
  bytes: z.strictObject({ size: z.number(), sha1: z.string() }).optional(),
  status: z.number(),
  any_order: z.literal(true).optional(),
});

const stepSchema = z.strictObject({
  name: z.string(),
  outcome: z.enum(['completed', 'skipped', 'failed', 'not-run']),
  error: z.string().optional(),
  data: jsonObject.optional(),
  rollback_data: jsonObject.optional(),
});

const problemSchema = z.strictObject({ field: z.string(), code: z.string(), message: z.string() });

export const raisedSchema = z.strictObject({
  type: z.string(),
  message: z.string().optional(),
  problems: z.array(problemSchema).optional(),
});

const fullLogSchema = z.strictObject({
  step: z.string().nullable(),
  level: z.string(),
  event: z.string(),
  data: json,
  file: json.optional(),
});

export const expectSchema = z.strictObject({
  result: json.optional(),
  raised: raisedSchema.optional(),
  steps: z.array(stepSchema).default([]),
  rolled_back: texts.default([]),
  errors: texts.optional(),
  requests: z.array(requestSchema),
  backend_after: z
    .strictObject({
      data_files: z.array(jsonObject).optional(),
      data_units: z.array(json).optional(),
      models: z.array(jsonObject).optional(),
      objects: texts.optional(),
    })
    .default({}),
  progress: z.array(z.tuple([z.string().nullable(), z.number(), z.number()])).optional(),
  metrics: z.array(z.tuple([z.string(), jsonObject])).optional(),
  logs: z.array(z.union([fullLogSchema, z.array(z.string().nullable())])).optional(),
  files: z.record(z.string(), jsonObject).optional(),
  /** Of the train action: what its `execute` was given. */
  execute_calls: z.array(jsonObject).optional(),
});

/** What all vectors say of themselves. */
export const vectorHead = {
  id: z.string(),
  title: z.string(),
  note: z.string().optional(),
  sdk: z.string().optional(),
  detail: z.literal('full').optional(),
  defect: z.string().nullable(),
} as const;

export type FileSpec = z.infer<typeof fileSpecSchema>;
export type RunGiven = z.infer<typeof runGivenSchema>;
export type Expectation = z.infer<typeof expectSchema>;
export type RequestRecord = z.infer<typeof requestSchema>;
export type StepRecord = z.infer<typeof stepSchema>;
export type Problem = z.infer<typeof problemSchema>;
export type Raised = z.infer<typeof raisedSchema>;
export type OwnStepOptions = z.infer<typeof ownStepSchema>;

/** A vector of an action, whichever it is. */
export interface ActionVector {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly sdk?: string | undefined;
  readonly detail?: 'full' | undefined;
  readonly given: RunGiven;
  readonly expect: Expectation;
}

/** The vectors of a folder, one in each file. @throws Error that names the file which is not of this form. */
export function readVectorFiles<TVector>(folder: string, parse: (value: unknown, file: string) => TVector): TVector[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted();
  if (files.length === 0) throw new Error(`${folder} holds no *.json file with a vector.`);
  return files.map((file) => parse(JSON.parse(readFileSync(join(folder, file), 'utf8')), join(folder, file)));
}

/** @throws Error that says what in the vector is not of this form. */
export function parseVector<TVector extends object>(
  schema: z.ZodType<TVector>,
  value: unknown,
  { file, of }: { readonly file: string; readonly of: string },
): TVector & { readonly file: string } {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(`${file} is no vector of ${of}:\n${z.prettifyError(parsed.error)}`);
  return { ...parsed.data, file };
}
