import type { MetricReport } from './measured-metrics.js';

/** Which metric says how good a model is, and when there is no use in going on. */
export interface MonitorOptions {
  /** Its name in the reports. */
  readonly metric: string;
  /** Whether the lowest value is the best (`min`, a loss) or the highest (`max`, an accuracy). Default `min`. */
  readonly mode?: 'min' | 'max';
  /** The category of the reports that count. Default: all in which the metric is. */
  readonly category?: string;
  /** After how many reports without a better value the trainer is asked to stop. Default: never. */
  readonly patience?: number;
  /** By how much a value must be better to count as better. Default 0. */
  readonly minDelta?: number;
}

export interface BestValue {
  readonly value: number;
  readonly epoch: number;
}

/** Follows one metric through a training. */
export class MetricMonitor {
  readonly options: MonitorOptions;
  #best: BestValue | undefined;
  #withoutBetter = 0;

  /**
   * @param best What an earlier host has seen of the same training.
   * @throws RangeError for a patience or a least difference that makes no sense
   */
  constructor(options: MonitorOptions, best?: BestValue) {
    const { patience = 1, minDelta = 0 } = options;
    if (!Number.isInteger(patience) || patience < 1) {
      throw new RangeError(
        `The patience of the monitor of '${options.metric}' must be a whole number of 1 or more, not ${patience}.`,
      );
    }
    if (!(minDelta >= 0 && minDelta < Infinity)) {
      throw new RangeError(`The minDelta of the monitor of '${options.metric}' must be 0 or more, not ${minDelta}.`);
    }
    this.options = options;
    this.#best = best;
  }

  get best(): BestValue | undefined {
    return this.#best;
  }

  /** Takes a report. @returns why there is no use in going on, once that is so */
  take({ metrics, epoch, category }: MetricReport): string | undefined {
    const { metric, patience = Infinity, category: wanted = category } = this.options;
    if (category !== wanted || !(metric in metrics)) return undefined;
    const value = metrics[metric];
    if (typeof value === 'number' && this.#isBetter(value)) {
      this.#best = { value, epoch };
      this.#withoutBetter = 0;
      return undefined;
    }
    this.#withoutBetter += 1;
    if (this.#withoutBetter < patience) return undefined;
    return `'${metric}' ${this.#soFar()} for ${this.#withoutBetter} ${this.#withoutBetter === 1 ? 'epoch' : 'epochs'}`;
  }

  #isBetter(value: number): boolean {
    if (this.#best === undefined) return true;
    const { mode = 'min', minDelta = 0 } = this.options;
    const gain = mode === 'min' ? this.#best.value - value : value - this.#best.value;
    return gain > minDelta;
  }

  #soFar(): string {
    const best = this.#best;
    return best === undefined
      ? 'could not be measured'
      : `has not been better than ${best.value} (epoch ${best.epoch})`;
  }
}

/** The item with the best value of the monitored metric; the first of equals, and none where none was measured. */
export function bestOf<T extends { readonly metrics?: Readonly<Record<string, unknown>> }>(
  items: readonly T[],
  { metric, mode = 'min' }: MonitorOptions,
): T | undefined {
  let best: { readonly item: T; readonly value: number } | undefined;
  for (const item of items) {
    const value = item.metrics?.[metric];
    if (typeof value !== 'number') continue;
    if (best === undefined || (mode === 'min' ? value < best.value : value > best.value)) best = { item, value };
  }
  return best?.item;
}
