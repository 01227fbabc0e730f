import type { BaseStep } from '@synapse-steps/core';
import {
  AnalyzeCollectionStep,
  CleanupStep,
  FlatFileDiscoveryStrategy,
  GenerateDataUnitsStep,
  InitializeStep,
  NoneMetadataStrategy,
  OrganizeFilesStep,
  ProcessMetadataStep,
  SingleDataUnitStrategy,
  SpreadsheetMetadataStrategy,
  UploadFilesStep,
  ValidateFilesStep,
  type MetadataStrategy,
  type UploadContext,
} from '@synapse-steps/upload';
import { z } from 'zod';
import { ownStepSchema } from '../../actions/cases/action-vector.js';
import { OwnStep } from '../../actions/run/own-step.js';

type Step = BaseStep<UploadContext>;
type Given = Readonly<Record<string, unknown>>;

/** A built-in step with the constructor options that a vector gives it, or an own one. Unknown options are errors. */
export function makeStep(name: string, options: Given): Step {
  const make = builtIn[name];
  try {
    return make === undefined ? new OwnStep(name, ownStepSchema.parse(options)) : make(options);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new Error(`The options of '${name}' are not understood:\n${z.prettifyError(error)}`);
  }
}

const builtIn: Readonly<Record<string, (options: Given) => Step>> = {
  initialize: (options) => (noOptions.parse(options), new InitializeStep()),
  process_metadata: (options) => {
    const { strategy } = z.strictObject({ strategy: z.literal('none').optional() }).parse(options);
    return new ProcessMetadataStep(strategy === 'none' ? { strategy: noMetadata() } : {});
  },
  analyze_collection: (options) => (noOptions.parse(options), new AnalyzeCollectionStep()),
  organize_files: (options) => {
    const { strategy, skip_required_check: skipRequiredCheck = false } = organizeOptions.parse(options);
    return new OrganizeFilesStep({
      skipRequiredCheck,
      ...(strategy === 'flat' && { strategy: new FlatFileDiscoveryStrategy() }),
    });
  },
  validate_files: (options) => new ValidateFilesStep(validateOptions(options)),
  upload_files: (options) => (noOptions.parse(options), new UploadFilesStep()),
  generate_data_units: (options) => {
    const { strategy } = z.strictObject({ strategy: z.literal('single').optional() }).parse(options);
    return new GenerateDataUnitsStep(strategy === 'single' ? { strategy: new SingleDataUnitStrategy() } : {});
  },
  cleanup: (options) => (noOptions.parse(options), new CleanupStep()),
};

const noOptions = z.strictObject({});

const organizeOptions = z.strictObject({
  strategy: z.literal('flat').optional(),
  skip_required_check: z.boolean().optional(),
});

function validateOptions(options: Given): ConstructorParameters<typeof ValidateFilesStep>[0] {
  const { check_vfr: checkFrameRate } = z.strictObject({ check_vfr: z.boolean().optional() }).parse(options);
  return checkFrameRate === undefined ? {} : { checkFrameRate };
}

/** As the SDK's: the usual files are looked for, and nothing is taken from them. */
function noMetadata(): MetadataStrategy {
  const { fileNames } = new SpreadsheetMetadataStrategy();
  return Object.assign(new NoneMetadataStrategy(), { fileNames });
}
