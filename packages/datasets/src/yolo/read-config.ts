import { join } from 'node:path';

import { errorMessage } from '@synapse-steps/core';
import { parse } from 'yaml';
import { z } from 'zod';

import { DatasetError } from '../dataset-error.js';
import { isFileSystemError } from '../pictures/file-system-error.js';
import { NoSmallFileError, readSmallFile } from '../pictures/small-file.js';

/** What a data set says of itself. */
export interface YoloConfig {
  readonly classes: readonly string[];
  /** Numbers in between that the data set has no names for. */
  readonly unnamed: ReadonlySet<number>;
  readonly pose: YoloPose | undefined;
}

export interface YoloPose {
  readonly count: number;
  /** Numbers of a point: with or without how well it can be seen. */
  readonly dimensions: 2 | 3;
  readonly flip: readonly number[] | undefined;
  /** Names of points, by number of the class. */
  readonly names: ReadonlyMap<number, readonly string[]>;
}

/**
 * Reads `dataset.yaml`, or as it is called elsewhere, `data.yaml`; where there is none, `classes.txt`.
 *
 * @param classNames instead of what the data set says
 * @throws DatasetError `dataset_not_readable` when nobody says what the classes are called
 */
export function readYoloConfig(folder: string, classNames?: readonly string[]): YoloConfig {
  const own = readYaml(join(folder, 'dataset.yaml'));
  const yaml = own ?? readYaml(join(folder, 'data.yaml'));
  const names = classNames ?? yaml?.names ?? readClasses(join(folder, 'classes.txt'));
  if (names === undefined) {
    const lacks =
      yaml === undefined
        ? `No dataset.yaml, data.yaml or classes.txt found in ${folder}`
        : `${join(folder, own === undefined ? 'data.yaml' : 'dataset.yaml')} has no names, and there is no classes.txt`;
    throw new DatasetError({ code: 'dataset_not_readable', message: `${lacks}. ${PROVIDE_NAMES}.` });
  }
  const unnamed = new Set(names.flatMap((name, id) => (name === undefined ? [id] : [])));
  return { classes: names.map((name, id) => name ?? inventedName(id)), unnamed, pose: poseOf(yaml) };
}

const PROVIDE_NAMES = 'Provide the names of the classes: classNames, or --classes on a command line';

/** What a class is called that has a number only. */
export function inventedName(id: number): string {
  return `class_${id}`;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const nameList = z.union([
  z.array(scalar),
  // { 0: cat, 1: dog }
  z.record(z.string().regex(/^\d{1,5}$/u), scalar).transform((names) => {
    const count = Math.max(-1, ...Object.keys(names).map(Number)) + 1;
    return Array.from({ length: count }, (_, id) => names[id]);
  }),
]);
const configSchema = z.object({
  names: nameList.nullish(),
  kpt_shape: z.tuple([z.int().positive().max(10_000), z.union([z.literal(2), z.literal(3)])]).nullish(),
  flip_idx: z.array(z.int().nonnegative()).nullish(),
  kpt_names: z.record(z.string(), z.array(scalar)).nullish(),
});

type Config = z.infer<typeof configSchema>;

function readYaml(path: string): Config | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    return configSchema.parse(parse(text, { logLevel: 'error' }) ?? {});
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    const message = `${path} cannot be read: ${what}`;
    throw new DatasetError({ code: 'dataset_not_readable', message, cause: error });
  }
}

function readClasses(path: string): string[] | undefined {
  const lines = readText(path)
    ?.split(/\r?\n/u)
    .map((line) => line.trim());
  const names = lines?.filter((line) => line !== '');
  return names && names.length > 0 ? names : undefined;
}

const MOST_BYTES = 16 * 1024 * 1024;

function readText(path: string): string | undefined {
  try {
    return decoded(readSmallFile(path, MOST_BYTES), path);
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT')) return undefined;
    if (!(error instanceof NoSmallFileError)) throw error;
    const message = `${path} cannot be read: ${error.message}.`;
    throw new DatasetError({ code: 'dataset_not_readable', message, cause: error });
  }
}

function decoded(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const message = `${path} is not UTF-8. Save it as UTF-8. ${PROVIDE_NAMES}.`;
    throw new DatasetError({ code: 'dataset_not_readable', message, cause: error });
  }
}

function poseOf(config: Config | undefined): YoloPose | undefined {
  if (!config?.kpt_shape) return undefined;
  const [count, dimensions] = config.kpt_shape;
  const flip = config.flip_idx?.length === count ? config.flip_idx : undefined;
  const names = Object.entries(config.kpt_names ?? {}).filter(([, list]) => list.length === count);
  return { count, dimensions, flip, names: new Map(names.map(([id, list]) => [Number(id), list])) };
}
