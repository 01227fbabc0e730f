import { z } from 'zod';

/**
 * The formats that can be read or written. `yolo` is the layout for training (`images/`, `labels/`, `dataset.yaml`),
 * `yolo-tasks` the one with a folder per task (`detect/`, `segment/`, `pose/`).
 */
export const datasetFormatSchema = z.enum(['dm_v1', 'dm_v2', 'yolo', 'yolo-tasks', 'coco', 'pascal', 'imagefolder']);

export type DatasetFormat = z.infer<typeof datasetFormatSchema>;

export const datasetFormats: readonly DatasetFormat[] = datasetFormatSchema.options;
