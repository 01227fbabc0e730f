import { median } from '../median.js';

/** What a host and its plugin held at one moment. Memory in MiB. */
export interface Sample {
  /** Calls or starts so far. */
  readonly done: number;
  /** What is alive in the host after a garbage collection. */
  readonly hostHeap: number;
  /** What the system counts for the host, which a collector gives back late. */
  readonly hostMemory: number;
  readonly hostDescriptors: number;
  readonly pluginMemory: number;
  readonly pluginDescriptors: number;
  /** Living processes that come of the soak. */
  readonly processes: number;
}

/** By how much a measure may be larger in the last quarter than in the second one; the first one is for warming up. */
export type Growth = Readonly<Record<Exclude<keyof Sample, 'done'>, number>>;

const MAY_GROW: Growth = {
  hostHeap: 4,
  hostMemory: 32,
  hostDescriptors: 0,
  pluginMemory: 4,
  pluginDescriptors: 0,
  processes: 0,
};

/**
 * What is not flat: the median of the last quarter of the samples is compared with that of the second quarter.
 *
 * @param mayGrow where a measure may grow by more than usual.
 * @throws RangeError when there are too few samples to tell.
 */
export function judgeSamples(samples: readonly Sample[], mayGrow: Partial<Growth> = {}): string[] {
  const most = { ...MAY_GROW, ...mayGrow };
  const quarter = Math.floor(samples.length / 4);
  if (quarter < 2) throw new RangeError(`At least 8 samples are needed, there are ${samples.length}.`);
  const measures = Object.keys(MAY_GROW) as (keyof typeof MAY_GROW)[];
  return measures.flatMap((measure) => {
    const values = samples.map((sample) => sample[measure]);
    const before = median(values.slice(quarter, 2 * quarter));
    const after = median(values.slice(-quarter));
    if (after - before <= most[measure]) return [];
    return [`${measure} grew from ${format(before)} to ${format(after)}, by more than ${most[measure]}`];
  });
}

/** The samples as a table for people. */
export function formatSamples(samples: readonly Sample[], what: string): string {
  const heads = [what, 'heap MiB', 'host MiB', 'host fds', 'plugin MiB', 'plugin fds', 'processes'];
  const lines = samples.map((sample) =>
    [
      sample.done,
      format(sample.hostHeap),
      format(sample.hostMemory),
      sample.hostDescriptors,
      format(sample.pluginMemory),
      sample.pluginDescriptors,
      sample.processes,
    ].map(String),
  );
  return [heads, ...lines].map((cells) => cells.map((cell) => cell.padStart(14)).join('  ')).join('\n');
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
