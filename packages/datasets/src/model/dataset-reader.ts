import type { AnnotatedPicture } from './annotated-picture.js';
import type { DatasetFormat } from './dataset-format.js';
import type { LeaveOut } from './left-out.js';

export interface OpenDatasetOptions {
  /** Whether the folder has a folder per split. Default: what the folder looks like. */
  readonly categorized?: boolean | undefined;
  /** Only these splits, all of which must be there. Default: all. */
  readonly splits?: readonly string[] | undefined;
  /** Names of classes for a data set that only has numbers. */
  readonly classNames?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ReadPicturesOptions {
  /** Told of what cannot be read; reading goes on. */
  readonly leaveOut: LeaveOut;
  readonly signal?: AbortSignal | undefined;
}

/** The points that objects of a class have. */
export interface KeypointShape {
  readonly names?: readonly string[] | undefined;
  readonly count: number;
  /** Pairs of points that are joined, counted from 0. */
  readonly skeleton?: readonly (readonly [number, number])[] | undefined;
  /** Which point is which in a mirrored picture. */
  readonly flip?: readonly number[] | undefined;
}

/** A data set that was found to be one. Can be read several times; each time its pictures come in the same order. */
export interface DatasetSource {
  readonly format: DatasetFormat;
  readonly folder: string;
  /** Names of the splits; none when the data set is not divided. */
  readonly splits: readonly string[] | undefined;
  /** Class names in the data set's own order, where it has a list of them. */
  readonly classes?: readonly string[] | undefined;
  /** By class name; where the data set says so. */
  readonly keypointShapes?: ReadonlyMap<string, KeypointShape> | undefined;
  /** How many pictures there are, where that is known before reading. */
  readonly pictureCount?: number | undefined;
  /** Reads in bounded memory. */
  pictures(options: ReadPicturesOptions): AsyncIterable<AnnotatedPicture>;
}

/** Knows one format. */
export interface DatasetReader {
  readonly format: DatasetFormat;
  /** @throws DatasetError `dataset_not_readable` when the folder is not such a data set, `split_missing` */
  open(folder: string, options: OpenDatasetOptions): Promise<DatasetSource>;
}
