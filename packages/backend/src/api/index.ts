export { authHeaders } from './auth-headers.js';
export {
  chunkedUploadSchema,
  chunkReceiptSchema,
  finishChunksRequestSchema,
  type ChunkedUpload,
  type ChunkReceipt,
} from './chunked-upload.js';
export {
  dataCollectionSchema,
  fileSpecificationSchema,
  type DataCollection,
  type FileSpecification,
} from './data-collection.js';
export {
  dataFileRequestSchema,
  dataFileSchema,
  verifyChecksumsRequestSchema,
  verifyChecksumsSchema,
  type DataFile,
} from './data-file.js';
export { dataUnitSchema, newDataUnitSchema, type DataUnit, type NewDataUnit } from './data-unit.js';
export { groundTruthEventSchema, groundTruthFileSchema, type GroundTruthEvent } from './ground-truth-event.js';
export { idSchema, type Id } from './id.js';
export {
  jobLogLineSchema,
  jobSchema,
  jobStatusSchema,
  jobUpdateSchema,
  updatedJobSchema,
  type Job,
  type JobLogLine,
  type JobStatus,
  type JobUpdate,
} from './job.js';
export { modelSchema, newModelSchema, type Model, type NewModel } from './model.js';
export { pageSchema, type Page } from './page.js';
export { pluginReleaseSchema, type PluginRelease } from './plugin-release.js';
export {
  confirmedFileSchema,
  confirmRequestSchema,
  confirmSchema,
  presignedFileSchema,
  presignedPartSchema,
  presignRequestSchema,
  presignSchema,
  storedObjectSchema,
  type ConfirmedFile,
  type PresignedFile,
  type PresignedFiles,
  type PresignRequest,
  type StoredObject,
} from './presigned-upload.js';
export { projectSchema, type Project } from './project.js';
export {
  storageSchema,
  storageSessionRequestSchema,
  storageSessionSchema,
  type Storage,
  type StorageSession,
  type StorageSessionRequest,
} from './storage.js';
