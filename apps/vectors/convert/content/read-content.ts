import type { Content, FileMap } from './content.js';
import { readCoco } from './read-coco.js';
import { readDm } from './read-dm.js';
import { readImageFolder } from './read-image-folder.js';
import { readVoc } from './read-voc.js';
import { readYolo, readYoloTasks } from './read-yolo.js';

const READERS: Readonly<Record<string, (files: FileMap, classNames?: readonly string[]) => Content>> = {
  dm_v1: readDm,
  dm_v2: readDm,
  yolo: readYolo,
  'yolo-tasks': (files) => readYoloTasks(files),
  coco: readCoco,
  pascal: readVoc,
  imagefolder: readImageFolder,
};

/** What the files of a data set say. @param classNames of a data set that only has numbers */
export function readContent(format: string, files: FileMap, classNames?: readonly string[]): Content {
  const read = READERS[format];
  if (read === undefined) throw new Error(`Nobody here reads the format '${format}'.`);
  return read(files, classNames);
}
