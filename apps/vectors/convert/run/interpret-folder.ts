import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { convertDataset, type ConvertDatasetOptions, type DatasetFormat } from '@synapse-steps/datasets';
import { readTree } from '../../actions/world/file-tree.js';
import { World } from '../../actions/world/world.js';
import type { FolderVector } from '../cases/convert-vector.js';
import { describeDatasetError } from './describe-dataset-error.js';

export type FolderObservation = FolderVector['expect'];

/** Converts the folder that a vector describes; what came out of it, in the form of `expect`. */
export async function interpretFolder({ given }: FolderVector): Promise<FolderObservation> {
  await using world = await World.make({ backend: {}, faults: [], files: inFolder(given.files) });
  await mkdir(join(world.root, 'in'), { recursive: true });
  return world.takeOut(await convert(given, world.root)) as FolderObservation;
}

async function convert(given: FolderVector['given'], root: string): Promise<FolderObservation> {
  const [input, output] = [join(root, 'in'), join(root, 'out')];
  try {
    const report = await convertDataset({ ...settingsOf(given), input, output });
    return {
      files: await readTree(output),
      config_path: report.configPath ?? null,
    };
  } catch (error) {
    return { raised: describeDatasetError(error) };
  }
}

function inFolder(files: FolderVector['given']['files']): FolderVector['given']['files'] {
  return Object.fromEntries(Object.entries(files).map(([name, spec]) => [`in/${name}`, spec]));
}

/**
 * What the SDK's arguments mean here. Its layout with a folder per task is asked for by a conversion "of single files" under
 * a contract, and is a format of its own here; a version of DM goes before that in the format's name.
 */
export function settingsOf({ source, target, options }: FolderVector['given']): Settings {
  const version = options.dm_version;
  const named = (format: string): DatasetFormat =>
    (format.startsWith('dm_') && version !== undefined ? `dm_${version}` : format) as DatasetFormat;
  const isByTask = target === 'yolo' && options.segmentation_mode !== undefined;
  return {
    from: named(source),
    to: isByTask ? 'yolo-tasks' : named(target),
    categorized: options.is_categorized ?? false,
    ...(options.segmentation_mode && { segmentation: options.segmentation_mode }),
    ...(options.class_names && { classNames: options.class_names }),
  };
}

type Settings = Omit<ConvertDatasetOptions, 'input' | 'output'>;
