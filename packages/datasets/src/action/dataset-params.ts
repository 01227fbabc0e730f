import { z } from 'zod';

import { splitsSchema } from '../download/split-filters.js';
import { datasetFormats, type DatasetFormat } from '../model/dataset-format.js';

/** One list, so that a wrong name is answered by all that there are. */
const formats = z.enum(['dm', ...datasetFormats]);

const datasetId = z.union([z.int(), z.string().min(1)], {
  error: 'the id of a data set is expected: a whole number, or a text',
});

/** The params of the Python SDK's dataset action. */
export const datasetParamsSchema = z.object({
  operation: z.enum(['download', 'convert']).default('download'),
  /** The version of the data set, to download. */
  dataset: datasetId.nullish(),
  /** A folder per split, with conditions on its events. */
  splits: splitsSchema.nullish(),
  /** The folder to convert. */
  path: z.string().nullish(),
  /** `dm` is the version that `dm_version` says. */
  source_format: formats.default('dm_v2'),
  target_format: formats.default('yolo'),
  dm_version: z.enum(['v1', 'v2']).default('v2'),
  /** Default: a new cache entry for a download, `<path>_<format>` for a conversion. */
  output_dir: z.string().nullish(),
  /** Whether the folder to convert has one per split. Default: what it looks like. */
  is_categorized: z.boolean().nullish(),
});

export type DatasetParams = z.output<typeof datasetParamsSchema>;

/** As the SDK reads them: which version of DM is read is said by `dm_version`, whatever the name says. */
export function formatsOf({ source_format: source, target_format: target, dm_version: version }: DatasetParams): {
  readonly from: DatasetFormat;
  readonly to: DatasetFormat;
} {
  const isDm = source === 'dm' || source === 'dm_v1' || source === 'dm_v2';
  return { from: isDm ? `dm_${version}` : source, to: target === 'dm' ? `dm_${version}` : target };
}
