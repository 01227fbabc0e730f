/** An image of a gallery; further keys go with it. */
export interface VisualizationOptions {
  readonly category: string;
  readonly group: string;
  readonly index: number;
  /** Name or address of the image. */
  readonly image: string;
  readonly [more: string]: unknown;
}

/** The trials of a hyperparameter search, by id: in parts (what is left out is empty), or whole as `data`. */
export type TrialsOptions =
  | { readonly data: Readonly<Record<string, unknown>> }
  | {
      readonly trials?: Readonly<Record<string, unknown>>;
      readonly base?: readonly string[];
      readonly hyperparameters?: readonly string[];
      readonly metrics?: readonly string[];
      readonly bestTrial?: string;
    };

/** The data of the event `metric`. */
export function metricData(
  category: string,
  key: string,
  { value, more }: { readonly value: number; readonly more?: object },
): Record<string, unknown> {
  return { category, key, value, metrics: { ...more } };
}

/** The data of the event `visualization`; the image goes with the entry as its file. */
export function visualizationData({ image: _image, ...data }: VisualizationOptions): Record<string, unknown> {
  return data;
}

/** The data of the event `trials`. */
export function trialsData(options: TrialsOptions): Readonly<Record<string, unknown>> {
  if ('data' in options) return options.data;
  const { trials = {}, base = [], hyperparameters = [], metrics = [], bestTrial = '' } = options;
  return { base, trials, hyperparameters, metrics, best_trial: bestTrial };
}
