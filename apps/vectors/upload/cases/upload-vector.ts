import { z } from 'zod';
import {
  expectSchema,
  jsonObject,
  parseVector,
  readVectorFiles,
  runGivenSchema,
  texts,
  vectorHead,
} from '../../actions/cases/action-vector.js';

// The form of the files in test-fixtures/conformance/upload.

const actionSchema = z.strictObject({
  allowed_extensions: z.record(z.string(), texts).optional(),
  steps: texts.optional(),
  options: z.record(z.string(), jsonObject).optional(),
  base_class: z.boolean().optional(),
});

const vectorSchema = z.strictObject({
  ...vectorHead,
  action: z.literal('upload', 'Only vectors of the upload action are interpreted here.'),
  given: runGivenSchema.extend({ action: actionSchema.default({}) }),
  expect: expectSchema,
});

export type UploadGiven = UploadVector['given'];

export interface UploadVector extends z.infer<typeof vectorSchema> {
  readonly file: string;
}

/** The vectors of a folder, one in each file. @throws Error that names the file which is not of this form. */
export function readUploadVectors(folder: string): UploadVector[] {
  return readVectorFiles(folder, parseUploadVector);
}

/** @throws Error that says what in the vector is not of this form. */
export function parseUploadVector(value: unknown, file: string): UploadVector {
  return parseVector(vectorSchema, value, { file, of: 'the upload action' });
}
