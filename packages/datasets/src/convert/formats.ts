import { cocoReader } from '../coco/coco-reader.js';
import { cocoWriter } from '../coco/coco-writer.js';
import { DatasetError } from '../dataset-error.js';
import { dmReader } from '../dm/dm-reader.js';
import { dmWriter } from '../dm/dm-writer.js';
import { imageFolderReader } from '../image-folder/image-folder-reader.js';
import { imageFolderWriter } from '../image-folder/image-folder-writer.js';
import type { DatasetFormat } from '../model/dataset-format.js';
import type { DatasetReader } from '../model/dataset-reader.js';
import type { DatasetWriter } from '../model/dataset-writer.js';
import { vocReader } from '../voc/voc-reader.js';
import { vocWriter } from '../voc/voc-writer.js';
import { yoloTasksReader } from '../yolo/tasks-reader.js';
import { yoloTasksWriter } from '../yolo/tasks-writer.js';
import { yoloWriter } from '../yolo/training-writer.js';
import { yoloReader } from '../yolo/yolo-reader.js';

const readers: Readonly<Record<DatasetFormat, DatasetReader>> = {
  dm_v1: dmReader('dm_v1'),
  dm_v2: dmReader('dm_v2'),
  coco: cocoReader,
  pascal: vocReader,
  imagefolder: imageFolderReader,
  yolo: yoloReader,
  'yolo-tasks': yoloTasksReader,
};

const writers: Readonly<Record<DatasetFormat, DatasetWriter>> = {
  dm_v1: dmWriter('dm_v1'),
  dm_v2: dmWriter('dm_v2'),
  coco: cocoWriter,
  pascal: vocWriter,
  imagefolder: imageFolderWriter,
  yolo: yoloWriter,
  'yolo-tasks': yoloTasksWriter,
};

/** @throws DatasetError `format_unknown` */
export function readerOf(format: DatasetFormat): DatasetReader {
  return own(readers, format) ?? unknown(format, readers, 'read');
}

/** @throws DatasetError `format_unknown` */
export function writerOf(format: DatasetFormat): DatasetWriter {
  return own(writers, format) ?? unknown(format, writers, 'written');
}

/** Whoever calls this from JavaScript may ask for anything, such as `toString`. */
function own<T>(known: Readonly<Record<DatasetFormat, T>>, format: DatasetFormat): T | undefined {
  return Object.hasOwn(known, format) ? known[format] : undefined;
}

function unknown(format: string, known: object, verb: string): never {
  const names = Object.keys(known).join(', ');
  throw new DatasetError({
    code: 'format_unknown',
    message: `Data sets of the format '${format}' cannot be ${verb}; these can: ${names}.`,
  });
}
