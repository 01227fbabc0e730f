import { clearCachedDatasets, listCachedDatasets, type CachedDataset } from '@synapse-steps/datasets';
import { counted } from '../output/counted.js';
import { clearKept, showKept, type ClearKeptOptions, type Kept, type KeptOptions } from './kept-command.js';

/** `synapse-steps datasets`: shows the data sets that trainings and downloads keep. */
export async function datasetsCommand(options: KeptOptions): Promise<number> {
  return await showKept(DATASETS, options);
}

/** `synapse-steps datasets clear`: removes those that nobody has used for a while. */
export async function clearDatasetsCommand(options: ClearKeptOptions): Promise<number> {
  return await clearKept(DATASETS, options);
}

const DATASETS: Kept<CachedDataset> = {
  key: 'datasets',
  none: 'There are no data sets.',
  list: listCachedDatasets,
  clear: clearCachedDatasets,
  textOf({ folder, conversions, isComplete, dataset, count = 0, bytes }) {
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    if (!isComplete) return `not complete  ${size}  ${folder}`;
    const formats = conversions.map((conversion) => conversion.slice(folder.length + 1));
    const also = formats.length > 0 ? `, also as ${formats.join(', ')}` : '';
    return `data set ${dataset}  ${counted(count, 'event')}  ${size}  ${folder}${also}`;
  },
};
