import { z } from 'zod';
import {
  expectSchema,
  filesSchema,
  json,
  jsonObject,
  parseVector,
  readVectorFiles,
  runGivenSchema,
  texts,
  vectorHead,
  type RequestRecord,
} from '../../actions/cases/action-vector.js';

// The form of the files in test-fixtures/conformance/train.

/** What `execute` does, in this order; or the steps that stand in its place. */
const actionSchema = z.strictObject({
  target_format: z.string().optional(),
  metrics: z.array(jsonObject).default([]),
  raise: z.string().optional(),
  writes: filesSchema.default({}),
  create_model: z.strictObject({ path: z.string(), fields: jsonObject }).optional(),
  returns: json.optional(),
  steps: texts.optional(),
  options: z.record(z.string(), jsonObject).default({}),
});

const vectorSchema = z.strictObject({
  ...vectorHead,
  action: z.literal('train', 'Only vectors of the train action are interpreted here.'),
  given: runGivenSchema.extend({ action: actionSchema.prefault({}) }),
  expect: expectSchema,
});

export interface TrainVector extends z.infer<typeof vectorSchema> {
  readonly file: string;
}

export type TrainActionGiven = TrainVector['given']['action'];

/** The vectors of a folder, one in each file. @throws Error that names the file which is not of this form. */
export function readTrainVectors(folder: string): TrainVector[] {
  return readVectorFiles(folder, parseTrainVector);
}

/** @throws Error that says what in the vector is not of this form. */
export function parseTrainVector(value: unknown, file: string): TrainVector {
  const { expect, ...vector } = parseVector(vectorSchema, value, { file, of: 'the train action' });
  return { ...vector, expect: { ...expect, requests: withoutArchiveBytes(expect.requests) } };
}

/** The bytes of an archive depend on who packs it; the recorder left them out, but for their MD5 in the request that ends the upload. */
function withoutArchiveBytes(requests: readonly RequestRecord[]): RequestRecord[] {
  let isArchive = false;
  return requests.map((request) => {
    if (!request.path.startsWith('/chunked_upload/')) return request;
    if (request.form !== undefined) isArchive = request.form.fields['filename']?.endsWith('.zip') ?? false;
    if (!isArchive) return request;
    if (request.form === undefined)
      return request.json === undefined ? request : { ...request, json: { md5: '{any}' } };
    const files = request.form.files.map((part) => ({ ...part, filename: '{any}' }));
    return { ...request, form: { ...request.form, files } };
  });
}
