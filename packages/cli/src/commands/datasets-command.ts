import { clearCachedDatasets, listCachedDatasets, type CachedDataset } from '@synapse-steps/datasets';
import { EXIT } from '../exit-codes.js';
import { Output } from '../output/output.js';
import { printableJson } from '../output/printable-json.js';
import { printableLines } from '../output/printable-text.js';
import { interruptible } from '../run/interruptible.js';
import { readTime } from './read-time.js';

export interface DatasetsOptions {
  readonly json?: boolean;
}

export interface ClearDatasetsOptions extends DatasetsOptions {
  readonly unusedFor: string;
}

/** `synapse-steps datasets`: shows the data sets that trainings and downloads keep. */
export async function datasetsCommand(options: DatasetsOptions): Promise<number> {
  show(await listCachedDatasets(), { ...options, none: 'There are no data sets.', verb: '' });
  return EXIT.succeeded;
}

/** `synapse-steps datasets clear`: removes those that nobody has used for a while. */
export async function clearDatasetsCommand(options: ClearDatasetsOptions): Promise<number> {
  const unusedForMs = readTime('--unused-for', options.unusedFor);
  const removed = await interruptible(async (signal) => await clearCachedDatasets({ unusedForMs, signal }));
  show(removed, { ...options, none: `Nothing was unused for ${options.unusedFor}.`, verb: 'removed  ' });
  return EXIT.succeeded;
}

interface Shown extends DatasetsOptions {
  readonly none: string;
  readonly verb: string;
}

function show(datasets: readonly CachedDataset[], { json, none, verb }: Shown): void {
  const output = new Output();
  if (json) return output.line(printableJson({ datasets }));
  const lines = datasets.map((dataset) => `${verb}${lineOf(dataset)}`);
  for (const line of (lines.length === 0 ? [none] : lines).flatMap(printableLines)) output.line(line);
}

function lineOf({ folder, conversions, isComplete, dataset, count, bytes, lastUsed }: CachedDataset): string {
  const day = lastUsed.toISOString().slice(0, 10);
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  if (!isComplete) return `${day}  not complete  ${size}  ${folder}`;
  const formats = conversions.map((conversion) => conversion.slice(folder.length + 1));
  const also = formats.length > 0 ? `, also as ${formats.join(', ')}` : '';
  return `${day}  data set ${dataset}  ${count} event${count === 1 ? '' : 's'}  ${size}  ${folder}${also}`;
}
