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
export type {
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
export { uploadParamsSchema, type UploadParams, type UploadParamsInput } from './upload-params.js';
export { uploadSettings, type UploadSettings } from './upload-settings.js';
