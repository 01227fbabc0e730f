import { z } from 'zod';
import {
  expectSchema,
  filesSchema,
  json,
  jsonObject,
  parseVector,
  raisedSchema,
  readVectorFiles,
  runGivenSchema,
  vectorHead,
} from '../../actions/cases/action-vector.js';

// The form of the files in test-fixtures/conformance/convert: converters alone, and the dataset action.

/** The arguments of the SDK's converters. */
const optionsSchema = z.strictObject({
  is_categorized: z.boolean().optional(),
  is_single_conversion: z.boolean().optional(),
  dm_version: z.enum(['v1', 'v2']).optional(),
  segmentation_mode: z.enum(['instance', 'semantic', 'exclude']).optional(),
  class_names: z.array(z.string()).optional(),
});

const readFilesSchema = z.record(
  z.string(),
  z.strictObject({ text: z.string().optional(), base64: z.string().optional() }),
);

const convertSchema = z.strictObject({
  ...vectorHead,
  action: z.literal('convert'),
  given: z.strictObject({
    source: z.string(),
    target: z.string(),
    options: optionsSchema.default({}),
    files: filesSchema,
  }),
  expect: z.strictObject({
    raised: raisedSchema.optional(),
    files: readFilesSchema.optional(),
    config_path: z.string().nullish(),
  }),
});

const itemSchema = z.strictObject({
  data: jsonObject,
  item_id: z.string(),
  file_name: z.string(),
  width: z.number(),
  height: z.number(),
});

const cocoSchema = z.looseObject({ annotations: z.array(jsonObject), categories: z.array(jsonObject) });

const convertItemsSchema = z.strictObject({
  ...vectorHead,
  action: z.literal('convert-items'),
  given: z.strictObject({ segmentation_mode: z.enum(['instance', 'semantic', 'exclude']), items: z.array(itemSchema) }),
  expect: z.strictObject({
    items: z.array(
      z.strictObject({
        datasets: z.record(z.string(), cocoSchema),
        audit: z.array(jsonObject),
        failures: z.array(jsonObject),
        metrics: json,
      }),
    ),
  }),
});

const datasetSchema = z.strictObject({
  ...vectorHead,
  action: z.literal('dataset'),
  given: runGivenSchema,
  expect: expectSchema,
});

const vectorSchema = z.discriminatedUnion('action', [convertSchema, convertItemsSchema, datasetSchema], {
  error: 'Only vectors of the dataset action and of converters are interpreted here.',
});

interface InFile {
  readonly file: string;
}

export type FolderVector = z.infer<typeof convertSchema> & InFile;
export type ItemsVector = z.infer<typeof convertItemsSchema> & InFile;
export type DatasetVector = z.infer<typeof datasetSchema> & InFile;
export type ConvertVector = FolderVector | ItemsVector | DatasetVector;

/** The vectors of a folder, one in each file. @throws Error that names the file which is not of this form. */
export function readConvertVectors(folder: string): ConvertVector[] {
  return readVectorFiles(folder, parseConvertVector);
}

/** @throws Error that says what in the vector is not of this form. */
export function parseConvertVector(value: unknown, file: string): ConvertVector {
  return parseVector(vectorSchema, value, { file, of: 'the dataset action or of converters' });
}
