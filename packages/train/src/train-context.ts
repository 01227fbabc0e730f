import type { BackendClient } from '@synapse-steps/backend';
import type { Id, Model } from '@synapse-steps/backend/api';
import { BaseStepContext, type StepResult, type UndoResult, type VisualizationOptions } from '@synapse-steps/core';

import { backendOf } from './backend-of.js';
import { createModel, type ModelFields } from './model/create-model.js';
import { undoModels } from './model/undo-models.js';
import type { TrainParams } from './train-params.js';
import { assertFinite, type Metrics, type ReportOptions } from './training/measured-metrics.js';
import {
  existingCheckpoint,
  undoOfCheckpoint,
  type SaveCheckpointOptions,
  type SavedCheckpoint,
} from './training/saved-checkpoint.js';
import { Training } from './training/training.js';

// Under a symbol, because it tells of this process and is no state of the steps.
const TRAINING: unique symbol = Symbol.for('synapse-steps.training');

/** The data to train on, as it is on this machine. Paths are absolute. */
export interface TrainDataset {
  /** Its folder. */
  readonly path: string;
  /** Such as `dm_v2`, `yolo`, `imagefolder`. */
  readonly format: string;
  /** Whether there is a folder per split. */
  readonly isCategorized: boolean;
  /** How many pictures it has, where that is known. */
  readonly count: number | null;
  /** What a trainer reads first, where there is such a file: `dataset.yaml`, `classes.txt`, … */
  readonly configPath: string | null;
  /** The folder that it was converted from. */
  readonly sourcePath: string | null;
}

/** The model that a training starts from. */
export interface Checkpoint {
  /** `base`, or what the backend says of it; `saved` of one that this very training saved before it was interrupted. */
  readonly category: string;
  /** Its folder on this machine. */
  readonly path: string;
  readonly id?: Id;
  readonly name?: string;
  /** Of one that was saved while training: how many epochs are behind it. */
  readonly epoch?: number;
}

/**
 * The state of a training: what one step finds out and the next ones use. All of it is JSON, so that it can be journaled,
 * cross to a plugin, and be resumed.
 */
export class TrainContext extends BaseStepContext {
  dataset: TrainDataset | undefined;
  /** What `execute` was given: the data set's `configPath`, or its folder. */
  dataPath: string | undefined;
  /** What was trained: a file or a folder. `model_upload` registers it, and is skipped without one. */
  modelPath: string | undefined;
  /** The model as the backend has it. */
  model: Model | undefined;
  /** What the trainer saved on its way, oldest first: a resumed training goes on from the newest that is still there. */
  checkpoints: SavedCheckpoint[] = [];
  /** @internal */
  readonly [TRAINING] = new Training();

  /** The params as their schema made them; one of an action's own need not have all of these. */
  get trainParams(): TrainParams {
    const params = this.params as Partial<TrainParams>;
    const { splits = null, checkpoint = null, hyperparameters = null } = params;
    return { ...params, splits, checkpoint, hyperparameters } as TrainParams;
  }

  /** The client of the runtime context. @throws TrainError `missing_context` */
  get client(): BackendClient {
    return backendOf(this.runtimeContext);
  }

  /**
   * Sends a file as it is, and registers it as a model: for a trainer that makes several, or fields of its own. It is
   * deleted when `train` is undone; a step of your own that calls it has `context.deleteModels(result)` in its `rollback`.
   *
   * @param path absolute, or from the run's working directory
   * @throws TrainError `model_not_registered` for fields that make no model, before anything is sent; BackendError
   */
  createModel(path: string, fields: ModelFields): Promise<Model> {
    return createModel(this, path, fields);
  }

  /**
   * For the `rollback` of a step of your own that calls {@link createModel}: deletes what it made.
   *
   * @throws TrainError `undo_incomplete` when something could not be deleted just now
   * @example
   * rollback: (context, result) => context.deleteModels(result),
   */
  deleteModels({ rollbackData }: StepResult): Promise<UndoResult> {
    return undoModels(rollbackData, { client: () => this.client, signal: this.signal });
  }

  /**
   * Reports what was measured of an epoch: a point of the charts (event `metric`), and what early stopping and the choice
   * of the best model go by.
   *
   * @throws TrainError `metric_not_finite` for NaN and infinities, `metric_not_a_number` for what is no number
   */
  reportMetrics(metrics: Metrics, { category = 'train', ...options }: ReportOptions = {}): void {
    const training = this[TRAINING];
    const report = { metrics, category, epoch: options.epoch ?? training.nextEpoch(category) };
    assertFinite(metrics, report);
    this.log('metric', { category, key: 'epoch', value: report.epoch, metrics: { ...metrics } });
    const reason = training.take(report);
    if (reason !== undefined) this.log('early_stop', { reason, epoch: report.epoch, best: { ...training.best } });
  }

  /** Shows an image in a gallery: the event `visualization`. */
  logVisualization({ image, ...data }: VisualizationOptions): void {
    this.log('visualization', data, { file: image });
  }

  /**
   * Tells of a state that was just written, a file or a folder, from which the training can go on. Await it. When the run is
   * interrupted and resumed, `execute` gets the newest; when it is undone, those below the working directory or the folder
   * for temporary files are removed, and others are reported as left behind.
   *
   * @param path absolute, or from the run's working directory
   * @throws TrainError `checkpoint_not_usable` when nothing is there
   */
  async saveCheckpoint(path: string, options: SaveCheckpointOptions = {}): Promise<void> {
    await this.saveUndo(undoOfCheckpoint(await this.addCheckpoint(path, options)));
  }

  /** @internal The first half of {@link saveCheckpoint}: whoever calls it saves the undo data, which makes both safe. */
  async addCheckpoint(path: string, options: SaveCheckpointOptions): Promise<SavedCheckpoint> {
    const { workDir } = this.runtimeContext;
    const checkpoint = await existingCheckpoint(path, { ...options, workDir });
    const before = this[TRAINING].keep(checkpoint);
    this.patch([
      ...(before < 0 ? [] : [{ op: 'remove' as const, path: `/checkpoints/${before}` }]), // it is another one now
      { op: 'add', path: '/checkpoints/-', value: { ...checkpoint } },
    ]);
    return checkpoint;
  }

  /** The checkpoint with the best value of the metric that the action's `monitor` names; of equals the first. */
  get bestCheckpoint(): SavedCheckpoint | undefined {
    return this[TRAINING].bestSaved;
  }

  /** Why the trainer is asked to come to an end with what it has; undefined while it is not. Look after each epoch. */
  get stopReason(): string | undefined {
    return this[TRAINING].stopReason;
  }

  /** Whether the trainer is asked to come to an end with what it has. */
  get stopRequested(): boolean {
    return this.stopReason !== undefined;
  }

  /** A file that appears when the trainer is asked to stop: for one in another process. Whoever makes it asks for that, too. */
  get stopFile(): string {
    return this[TRAINING].stopFile;
  }

  /** Asks the trainer to come to an end with what it has. What it returns counts; to take everything back, cancel the run. */
  requestStop(reason: string): void {
    this[TRAINING].requestStop(reason);
  }
}

/** @internal What of a training lives in this process only. */
export function trainingOf(context: TrainContext): Training {
  return context[TRAINING];
}
