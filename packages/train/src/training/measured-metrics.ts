import { TrainError } from '../train-error.js';

/** Values that a training measured, by name. Null: it could not be measured. */
export type Metrics = Readonly<Record<string, number | null>>;

export interface ReportOptions {
  /** Which epoch they are of. Default: one more than in the report before, from 1. */
  readonly epoch?: number;
  /** What they were measured on. Default `train`. */
  readonly category?: string;
}

/** Values of an epoch, as a trainer reported them. */
export interface MetricReport {
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly epoch: number;
  readonly category: string;
}

/**
 * One rule for all trainers: a measured value is a finite number. JSON has no other, a chart cannot show another, and a
 * training whose loss is NaN does not recover.
 *
 * @throws TrainError `metric_not_finite`, `metric_not_a_number` that name the value
 */
export function assertFinite(
  metrics: Readonly<Record<string, unknown>>,
  { epoch, category }: Omit<MetricReport, 'metrics'>,
): void {
  for (const [name, value] of Object.entries({ ...metrics, epoch })) {
    if (value === null || Number.isFinite(value)) continue;
    if (typeof value !== 'number') throw notANumber(name, { value, epoch, category });
    throw new TrainError({
      code: 'metric_not_finite',
      message: `The metric '${name}' of '${category}' is ${value} in epoch ${epoch}. A training that has come to that does not recover: try a lower learning rate, or look for broken data. To go on all the same, report null.`,
      details: { metric: name, category, epoch, value: String(value) },
    });
  }
}

/** Trainers in other languages, and in JavaScript, may report anything. */
function notANumber(
  name: string,
  { value, epoch, category }: Omit<MetricReport, 'metrics'> & { readonly value: unknown },
): TrainError {
  const isGroup = typeof value === 'object';
  const found = isGroup ? (Array.isArray(value) ? 'a list' : 'an object') : `a ${typeof value}`;
  const next = isGroup
    ? `Report each of its numbers under a name of its own, such as '${name}_top1'`
    : 'Report a number';
  return new TrainError({
    code: 'metric_not_a_number',
    message: `The metric '${name}' of '${category}' is ${found} in epoch ${epoch}; a metric is a finite number, or null. ${next}.`,
    details: { metric: name, category, epoch },
  });
}
