import type { RequestRecord, StepRecord } from '../../actions/cases/action-vector.js';
import { splitJobTraffic } from '../../actions/cases/job-traffic.js';
import { CONFIG_FILES } from '../../actions/model/config-files.js';
import { datasetPart } from '../../actions/model/dataset-part.js';
import type { Rewritten } from '../../actions/rules/action-rule.js';
import { briefLogs, requestsOf, stepsOf } from '../../actions/rules/rewriting.js';
import type { TrainVector } from '../cases/train-vector.js';
import { checkpointOf, checkpointRequests } from './checkpoint-part.js';
import { archiveRequests, fileRequests, modelFields } from './model-part.js';

type StepName = 'dataset' | 'convert' | 'train' | 'model_upload';

/** What the same run comes to when it does not fail in a step: what was recorded before it, and what follows from the vector. */
export function continued(expect: Rewritten, vector: TrainVector, from: StepName): Rewritten {
  return new RunModel(expect, vector, from).finish();
}

class RunModel {
  readonly #expect: Rewritten;
  readonly #vector: TrainVector;
  readonly #steps: StepRecord[];
  readonly #lines: unknown[];
  readonly #requests: RequestRecord[];
  readonly #calls: unknown[];
  #models: Record<string, unknown>[] = [];
  #failure: { readonly step: string; readonly text: string } | undefined;

  constructor(expect: Rewritten, vector: TrainVector, from: StepName) {
    this.#expect = expect;
    this.#vector = vector;
    const names = stepsOf(expect).map(({ name }) => name);
    const before = names.slice(0, names.indexOf(from));
    this.#steps = stepsOf(expect).slice(0, before.length);
    this.#lines = ((expect['logs'] ?? []) as unknown[]).filter(
      (line) => Array.isArray(line) && before.includes(line[0] as string),
    );
    this.#requests = from === 'dataset' ? [] : [...splitJobTraffic(requestsOf(expect)).others];
    this.#calls = from === 'model_upload' ? [...(expect['execute_calls'] as unknown[])] : [];
    for (const name of names.slice(before.length)) this.#do(name);
  }

  finish(): Rewritten {
    const { raised: _raised, result: _result, progress: _progress, metrics: _metrics, ...rest } = this.#expect;
    const done = this.#steps.filter(({ outcome }) => outcome === 'completed').length;
    const result = { success: true, steps_executed: done, steps_total: this.#steps.length };
    const id = this.#steps.some(({ name, outcome }) => name === 'model_upload' && outcome === 'completed')
      ? { model_id: 701 }
      : {};
    return {
      ...rest,
      ...(this.#failure === undefined ? { result: { ...result, ...id } } : { raised: this.#raised(this.#failure) }),
      steps: this.#steps,
      rolled_back: this.#failure === undefined ? [] : this.#undone(),
      requests: this.#requests,
      execute_calls: this.#calls,
      backend_after: this.#models.length > 0 ? { models: this.#models } : {},
      logs: briefLogs(this.#expect) && this.#lines,
    };
  }

  #raised({ step, text }: { readonly step: string; readonly text: string }): object {
    return { type: 'RuntimeError', message: `Step '${step}' failed: ${text}` };
  }

  #undone(): string[] {
    return this.#steps
      .filter(({ outcome }) => outcome !== 'not-run')
      .map(({ name }) => name)
      .toReversed();
  }

  #do(name: string): void {
    if (this.#failure !== undefined) return void this.#steps.push({ name, outcome: 'not-run' });
    if (name === 'dataset') this.#dataset();
    if (name === 'convert') this.#convert();
    if (name === 'train') this.#train();
    if (name === 'model_upload') this.#modelUpload();
  }

  #dataset(): void {
    const { path, count, requests, logs } = datasetPart(this.#vector.given);
    this.#steps.push({ name: 'dataset', outcome: 'completed', data: { path, count } });
    this.#requests.push(...requests);
    this.#lines.push(...logs);
  }

  #convert(): void {
    const format = this.#vector.given.action.target_format ?? '';
    const path = `${String(this.#dataOf('dataset')['path'])}_${format}`;
    const config = CONFIG_FILES[format];
    const data = { path, ...(config !== undefined && { config_path: `${path}/${config}` }) };
    this.#steps.push({ name: 'convert', outcome: 'completed', data });
    this.#lines.push(
      ['convert', 'info', 'convert_start'],
      ['convert', 'info', 'message', 'DATASET_CONVERTING'],
      ['convert', 'info', 'convert_complete'],
      ['convert', 'success', 'message', 'DATASET_CONVERSION_COMPLETED'],
    );
  }

  #train(): void {
    const { action } = this.#vector.given;
    const { config_path: config, path = this.#dataOf('dataset')['path'] } = this.#dataOf('convert');
    this.#requests.push(...checkpointRequests(this.#vector));
    this.#calls.push({
      data_path: config ?? path,
      data_path_exists: true,
      ...checkpointOf(this.#vector),
      params: paramsOf(this.#vector),
    });
    this.#lines.push(...action.metrics.map(() => ['train', 'info', 'metric']));
    if (action.raise !== undefined) return this.#fail('train', action.raise);
    if (action.create_model !== undefined) this.#createModel();
    const data = valueOf(this.#vector);
    this.#steps.push({
      name: 'train',
      outcome: 'completed',
      ...(Object.keys(data).length > 0 && { data: data as never }),
    });
  }

  #createModel(): void {
    this.#requests.push(...fileRequests(this.#vector));
    this.#models.push(createdModel(this.#vector));
  }

  #fail(name: string, text: string): void {
    this.#failure = { step: name, text };
    this.#steps.push({ name, outcome: 'failed', error: text });
    this.#lines.push([name, 'danger', 'message', '{any}']);
  }

  #modelUpload(): void {
    if (this.#dataOf('train')['weights_path'] === undefined) {
      this.#steps.push({ name: 'model_upload', outcome: 'skipped' });
      return;
    }
    const model = { id: 701, ...modelFields(this.#vector) };
    this.#requests.push(...archiveRequests(this.#vector));
    this.#models.push(model);
    this.#steps.push({ name: 'model_upload', outcome: 'completed', data: { model_id: model as never } });
    this.#lines.push(
      ['model_upload', 'info', 'message', 'TRAIN_MODEL_SAVED'],
      ['model_upload', 'info', 'message', 'Model registered: 701'],
      ['model_upload', 'success', 'message', 'TRAIN_MODEL_UPLOADED'],
    );
  }

  #dataOf(name: string): Readonly<Record<string, unknown>> {
    return this.#steps.find((step) => step.name === name)?.data ?? {};
  }
}

function createdModel({ given }: TrainVector): Record<string, unknown> {
  return { id: 701, chunked_upload: 301, ...given.action.create_model?.fields };
}

/** What the step `train` has as its data: what `execute` returned, as a mapping. */
export function valueOf(vector: TrainVector): Readonly<Record<string, unknown>> {
  const value = returned(vector);
  if (value === null) return {};
  return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : { result: value };
}

/** What `execute` returned. */
export function returned(vector: TrainVector): unknown {
  const { create_model: model, returns } = vector.given.action;
  if (model !== undefined) return { model: createdModel(vector) };
  return returns === undefined ? {} : returns;
}

/** The params as the trainer sees them. */
function paramsOf({ given }: TrainVector): Record<string, unknown> {
  const { hyperparameters, splits } = given.params as Readonly<Record<string, never>>;
  const first = (hyperparameters as readonly object[] | undefined)?.[0] ?? {};
  const defaults = { splits: null, checkpoint: null, is_tune: false, hyperparameters: null, name: null, epochs: 10 };
  const params = { ...defaults, ...first, ...given.params };
  return splits === undefined || splits === null ? params : { ...params, splits: withoutNull(splits) };
}

/** A split without conditions, however that is written. */
function withoutNull(splits: Readonly<Record<string, object | null>>): object {
  return Object.fromEntries(Object.entries(splits).map(([name, filters]) => [name, filters ?? {}]));
}
