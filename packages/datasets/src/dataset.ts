import type { DatasetFormat } from './model/dataset-format.js';

/** A data set in a folder of this machine. */
export interface Dataset {
  /** Absolute. */
  readonly path: string;
  readonly format: DatasetFormat;
  /** Whether there is a folder per split. */
  readonly isCategorized: boolean;
  /** How many pictures, where that is known. */
  readonly count: number | null;
  /** The file that a trainer is given, absolute, where the format has one. */
  readonly configPath: string | null;
  /** What it was converted from, absolute. */
  readonly sourcePath: string | null;
}
