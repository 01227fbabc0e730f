export { convertDataset, type ConversionProgress, type ConvertDatasetOptions } from './convert/convert-dataset.js';
export type { ConversionReport } from './convert/conversion-report.js';
export { DatasetError, type DatasetErrorCode, type DatasetErrorOptions } from './dataset-error.js';
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
