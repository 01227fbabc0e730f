import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { BaseStep, StepResult, type RunReport, type UndoResult } from '@synapse-steps/core';

import { undoModels } from '../model/undo-models.js';
import type { ActionPlugins } from '../plugin/action-plugins.js';
import { trainingOf, type Checkpoint, type TrainContext, type TrainDataset } from '../train-context.js';
import { TrainError } from '../train-error.js';
import { bestOf, type MonitorOptions } from '../training/metric-monitor.js';
import {
  checkpointPaths,
  checkpointsThere,
  removeCheckpoints,
  type SavedCheckpoint,
} from '../training/saved-checkpoint.js';
import { undoAll } from '../undo-all.js';
import { datasetFor } from './dataset-for.js';

/** Whoever trains: an action. */
export interface Trainer<TValue = unknown> {
  /** Where the model to start from is, if there is one. */
  getCheckpoint(context: TrainContext): Promise<Checkpoint | undefined>;
  execute(dataPath: string, checkpoint: Checkpoint | undefined, context: TrainContext): TValue | Promise<TValue>;
  /** Takes back what `execute` did by itself, from what it had saved by `context.saveUndo`. */
  rollback?(context: TrainContext, result: StepResult): UndoResult | void | Promise<UndoResult | void>;
}

export interface TrainStepOptions {
  /** Which metric says how good a model is, and when there is no use in going on. */
  readonly monitor?: MonitorOptions | undefined;
  /** The plugins that the trainer may use. */
  readonly plugins?: ActionPlugins | undefined;
  /** How long the trainer may go on after a cancel before it is given up, in milliseconds. Default: that of the run. */
  readonly cancelGraceMs?: number | undefined;
}

/**
 * Calls the action's `execute`, with the data and the model to start from. When its host stopped in the middle of it, it goes
 * on from the newest checkpoint that it had saved.
 */
export class TrainStep<TValue = unknown> extends BaseStep<TrainContext> {
  readonly name: string = 'train';
  readonly progressWeight = 0.5;
  override readonly onInterrupt = 'retry';
  readonly #trainer: Trainer<TValue>;
  readonly #options: TrainStepOptions;
  #returned: { readonly value: TValue } | undefined;

  constructor(trainer: Trainer<TValue>, options: TrainStepOptions = {}) {
    super();
    this.#trainer = trainer;
    this.#options = options;
    if (options.cancelGraceMs !== undefined) Object.assign(this, { cancelGraceMs: options.cancelGraceMs });
  }

  async execute(context: TrainContext): Promise<StepResult> {
    const dataPath = await dataPathOf(datasetFor('train on', context));
    context.dataPath = dataPath;
    const training = trainingOf(context);
    const saved = await savedBefore(context);
    training.begin(this.#options.monitor, saved);
    try {
      const checkpoint = saved.at(-1) ?? (await this.#trainer.getCheckpoint(context));
      const train = () => this.#trainer.execute(dataPath, checkpoint, context);
      const value = await (this.#options.plugins?.usedBy(context, train) ?? train());
      if (StepResult.is(value) && !value.success) return value; // it says itself how it ended
      if (!StepResult.is(value)) this.#returned = { value };
      const result = StepResult.is(value) ? value : StepResult.ok({ data: toData(value) });
      context.modelPath = weightsPathIn(result.data) ?? context.modelPath ?? (await bestPath(context));
      return result;
    } finally {
      training.end();
    }
  }

  /** Undoes what `execute` did by itself and what plugins did, deletes the models of `context.createModel`, and removes the checkpoints that were saved. */
  override async rollback(context: TrainContext, result: StepResult): Promise<UndoResult> {
    const { rollbackData } = result;
    const undone = await undoAll([
      () => this.#trainer.rollback?.(context, result),
      () => this.#options.plugins?.undo(context, result),
      () => undoModels(rollbackData, { client: () => context.client, signal: context.signal }),
      () => removeCheckpoints(checkpointPaths(rollbackData), context.runtimeContext.workDir),
    ]);
    context.checkpoints = [];
    context.modelPath = undefined;
    return undone;
  }

  /** What `execute` returned; when another process ran it, what the report holds of that. */
  valueIn(report: RunReport): TValue {
    if (this.#returned) return this.#returned.value;
    return report.steps.find(({ name }) => name === this.name)?.data as TValue;
  }
}

/**
 * The checkpoints of a training that was interrupted; it goes on from the last. What is gone is forgotten, as if it had never
 * been. Asked for as JSON, because what is handed out is compared from then on.
 */
async function savedBefore(context: TrainContext): Promise<readonly SavedCheckpoint[]> {
  const saved = (context.toJSON()['checkpoints'] ?? []) as unknown as SavedCheckpoint[];
  const there = await checkpointsThere(saved);
  if (there.length < saved.length)
    context.patch([{ op: 'replace', path: '/checkpoints', value: there.map((checkpoint) => ({ ...checkpoint })) }]);
  const last = there.at(-1);
  if (last !== undefined) context.log('training_resumed', { path: last.path, epoch: last.epoch ?? null });
  return there;
}

/** A trainer that returns no weights, and says by its monitor what is good, means the best of its checkpoints. */
async function bestPath(context: TrainContext): Promise<string | undefined> {
  const { monitor, saved } = trainingOf(context);
  const best = monitor && bestOf(await checkpointsThere(saved), monitor); // a trainer may keep only its last ones
  if (best === undefined) return undefined;
  const { path, epoch, metrics } = best;
  context.log('best_model', { path, epoch: epoch ?? null, metrics: { ...metrics } });
  return path;
}

/** Where the trained weights are, by what a trainer in TypeScript or in Python returned; null and '' are no weights. */
function weightsPathIn(data: Readonly<Record<string, unknown>>): string | undefined {
  const path = data['weightsPath'] ?? data['weights_path'] ?? '';
  if (typeof path === 'string') return path === '' ? undefined : path;
  throw new TrainError({
    code: 'weights_missing',
    message: `execute returned a weightsPath that is no path, but ${path instanceof URL ? 'an address' : `of the type ${typeof path}`}. Return a text: the path of a file or a folder.`,
  });
}

/** What a trainer reads first; the folder where nothing of that kind is there. */
async function dataPathOf({ path, configPath }: TrainDataset): Promise<string> {
  if (configPath !== null) return configPath;
  const config = join(path, 'dataset.yaml');
  return (await stat(config).catch(() => undefined))?.isFile() ? config : path;
}

function toData(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  return typeof value === 'object' && !Array.isArray(value) ? { ...value } : { result: value };
}
