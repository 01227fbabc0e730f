export { DatasetAction } from './action/dataset-action.js';
export { datasetParamsSchema, type DatasetParams } from './action/dataset-params.js';
export type { DatasetResult } from './action/dataset-result.js';
export { clearCachedDatasets, type ClearCachedDatasetsOptions } from './cache/clear-cached-datasets.js';
export { defaultCacheFolder } from './cache/default-cache-folder.js';
export {
  listCachedDatasets,
  type CachedDataset,
  type ListCachedDatasetsOptions,
} from './cache/list-cached-datasets.js';
export { convertDataset, type ConversionProgress, type ConvertDatasetOptions } from './convert/convert-dataset.js';
export type { ConversionReport } from './convert/conversion-report.js';
export { DatasetError, type DatasetErrorCode, type DatasetErrorOptions } from './dataset-error.js';
export type { Dataset } from './dataset.js';
export { datasetMessages, type DatasetMessage } from './dataset-messages.js';
export { downloadDataset, type DownloadDatasetOptions, type DownloadedDataset } from './download/download-dataset.js';
export type { DatasetLog, DownloadProgress } from './download/download-log.js';
export { removeFolder } from './output/parts.js';
export { splitsSchema, type SplitFilters } from './download/split-filters.js';
export type {
  AnnotatedPicture,
  Annotation,
  AnnotationKind,
  Box,
  BoxAnnotation,
  ClassificationAnnotation,
  Keypoint,
  KeypointsAnnotation,
  MaskAnnotation,
  PictureFile,
  Point,
  PolygonAnnotation,
  PolylineAnnotation,
  Size,
} from './model/annotated-picture.js';
export { datasetFormats, datasetFormatSchema, type DatasetFormat } from './model/dataset-format.js';
export type {
  DatasetReader,
  DatasetSource,
  KeypointShape,
  OpenDatasetOptions,
  ReadPicturesOptions,
} from './model/dataset-reader.js';
export type {
  BeginDatasetOptions,
  DatasetSink,
  DatasetSurvey,
  DatasetWriter,
  FinishedDataset,
  WriteDatasetOptions,
} from './model/dataset-writer.js';
export type { LeaveOut, LeftOut, LeftOutCode } from './model/left-out.js';
