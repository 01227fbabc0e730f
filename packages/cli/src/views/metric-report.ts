/** What was measured of an epoch: a point of the charts, logged as the event `metric`. */
export interface MetricReport {
  /** `epoch 3`, and before it the category if it is another one than `train`. */
  readonly of: string;
  readonly metrics: Readonly<Record<string, unknown>>;
}

/** The report that a log line holds; undefined for another event, and for data of another shape. */
export function metricReport(event: string | undefined, data: unknown): MetricReport | undefined {
  if (event !== 'metric' || !isObject(data)) return undefined;
  const { category, key, value, metrics } = data;
  if (!isObject(metrics) || typeof key !== 'string' || typeof value !== 'number') return undefined;
  const isUsual = typeof category !== 'string' || category === 'train';
  return { of: `${isUsual ? '' : `${category} `}${key} ${value}`, metrics };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
