export { backendOf } from './backend-of.js';
export { BaseUploadAction } from './base-upload-action.js';
export { BatchDataUnitStrategy, SingleDataUnitStrategy } from './data-units/batch-data-unit-strategy.js';
export { DefaultUploadAction, uploadProportions } from './default-upload-action.js';
export { DefaultFileDiscoveryStrategy } from './discovery/default-file-discovery-strategy.js';
export { FlatFileDiscoveryStrategy } from './discovery/flat-file-discovery-strategy.js';
export type {
  CreatedDataUnit,
  FailedDataUnit,
  FileGroup,
  LeftOutCode,
  LeftOutFile,
  LostFile,
  UploadedFile,
  UploadedGroup,
} from './file-group.js';
export type { ImportEntry } from './import-entry.js';
export type { MetadataLimits } from './metadata/metadata-limits.js';
export { NoneMetadataStrategy, SpreadsheetMetadataStrategy } from './metadata/spreadsheet-metadata-strategy.js';
export { importCsv } from './report/import-csv.js';
export { importResult, importResultAdmin } from './report/import-events.js';
export { importReport, type ImportReport } from './report/import-report.js';
export { DefaultUploadStrategy } from './sending/default-upload-strategy.js';
export { AnalyzeCollectionStep } from './steps/analyze-collection-step.js';
export { CleanupStep } from './steps/cleanup-step.js';
export { GenerateDataUnitsStep, type GenerateDataUnitsStepOptions } from './steps/generate-data-units-step.js';
export { InitializeStep } from './steps/initialize-step.js';
export { OrganizeFilesStep, type OrganizeFilesStepOptions } from './steps/organize-files-step.js';
export { ProcessMetadataStep, type ProcessMetadataStepOptions } from './steps/process-metadata-step.js';
export { UploadFilesStep, type UploadFilesStepOptions } from './steps/upload-files-step.js';
export { ValidateFilesStep, type ValidateFilesStepOptions } from './steps/validate-files-step.js';
export type {
  ChunkNotes,
  ContentFinding,
  DataUnitOutcome,
  DataUnitRequest,
  DataUnitStrategy,
  Discovery,
  DiscoveryPlace,
  DiscoveryRequest,
  FileDiscoveryStrategy,
  MetadataStrategy,
  MetadataTable,
  StoredFile,
  TransferEvent,
  UploadOutcome,
  UploadRequest,
  UploadStrategy,
  ValidationRequest,
  ValidationStrategy,
} from './strategies.js';
export { UploadContext, type UploadStorage } from './upload-context.js';
export { UploadError, type UploadErrorCode, type UploadErrorOptions } from './upload-error.js';
export { uploadMessages } from './upload-messages.js';
export { uploadParamsSchema, type UploadParams, type UploadParamsInput } from './upload-params.js';
export type { UploadResult } from './upload-result.js';
export { uploadSettings, type UploadSettings } from './upload-settings.js';
export { DefaultValidationStrategy } from './validation/default-validation-strategy.js';
