import { isJson } from '../../actions/cases/file-value.js';
import { bytesOf, inSplit, type Content, type FileMap, type Picture, type Thing } from './content.js';
import { pixelsOf, type RunLength } from './run-length.js';

interface CocoFile {
  readonly images: readonly {
    readonly id: number;
    readonly file_name: string;
    readonly width: number;
    readonly height: number;
  }[];
  readonly annotations: readonly CocoAnnotation[];
  readonly categories: readonly CocoCategory[];
}

export interface CocoCategory {
  readonly id: number;
  readonly name: string;
  readonly keypoints?: readonly string[] | null;
}

export interface CocoAnnotation {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox?: readonly number[] | null;
  readonly segmentation?: readonly (readonly number[])[] | RunLength | null;
  readonly keypoints?: readonly number[] | null;
}

/** What a COCO data set says: one `annotations.json`, or one in each split, beside the pictures. */
export function readCoco(files: FileMap): Content {
  const splits = files['annotations.json'] === undefined ? splitNames(files) : [''];
  const pictures = splits.flatMap((split) => picturesOf(files, split));
  const names = splits.flatMap((split) => parseCoco(files, split).categories.map(({ name }) => name));
  return { classes: [...new Set(names)], pictures };
}

function splitNames(files: FileMap): string[] {
  return Object.keys(files)
    .flatMap((name) => /^([^/]+)\/annotations\.json$/.exec(name)?.[1] ?? [])
    .sort();
}

function parseCoco(files: FileMap, split: string): CocoFile {
  const text = files[inSplit(split, 'annotations.json')]?.text ?? '';
  const {
    images = [],
    annotations = [],
    categories = [],
  } = (isJson(text) ? JSON.parse(text) : {}) as Partial<CocoFile>;
  return { images, annotations, categories };
}

function picturesOf(files: FileMap, split: string): Picture[] {
  const { images, annotations, categories } = parseCoco(files, split);
  return images.map(({ id, file_name: file, width, height }) => ({
    split,
    file,
    bytes: bytesOf(files[inSplit(split, file)]).toString('base64'),
    size: { width, height },
    things: annotations.filter(({ image_id }) => image_id === id).flatMap((one) => cocoThings(one, categories)),
  }));
}

/** What one annotation says: its points, its outline or pixels, else its box. */
export function cocoThings(annotation: CocoAnnotation, categories: readonly CocoCategory[]): Thing[] {
  const { bbox, segmentation, keypoints, category_id: category } = annotation;
  const className = categories.find(({ id }) => id === category)?.name;
  if (className === undefined) return []; // a class that nobody knows
  const box = bbox ?? undefined;
  if (keypoints && keypoints.length > 0) return [{ kind: 'pose', className, numbers: keypoints, ...(box && { box }) }];
  if (Array.isArray(segmentation) && segmentation.length > 0) {
    return (segmentation as readonly number[][]).map((numbers) => ({ kind: 'polygon', className, numbers }));
  }
  if (segmentation && 'counts' in segmentation) {
    return [{ kind: 'mask', className, numbers: pixelsOf(segmentation) }];
  }
  return box === undefined ? [] : [{ kind: 'box', className, numbers: box }];
}
