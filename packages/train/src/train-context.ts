import type { BackendClient } from '@synapse-steps/backend';
import type { Id, Model } from '@synapse-steps/backend/api';
import { BaseStepContext } from '@synapse-steps/core';

import { backendOf } from './backend-of.js';
import type { TrainParams } from './train-params.js';

/** The data to train on, as it is on this machine. Paths are absolute. */
export interface TrainDataset {
  /** Its folder. */
  readonly path: string;
  /** Such as `dm_v2`, `yolo`, `imagefolder`. */
  readonly format: string;
  /** Whether it is divided into splits. */
  readonly isCategorized: boolean;
  /** How many pictures it has, where that is known. */
  readonly count?: number;
  /** What a trainer reads first: `dataset.yaml`, `classes.txt`, `annotations.json`, … */
  readonly configPath?: string;
  /** The folder that it was converted from. */
  readonly sourcePath?: string;
}

/** The model that a training starts from. */
export interface Checkpoint {
  /** `base`, or what the backend says of it. */
  readonly category: string;
  /** Its folder on this machine. */
  readonly path: string;
  readonly id?: Id;
  readonly name?: string;
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

  /** The params as their schema made them. */
  get trainParams(): TrainParams {
    return this.params as unknown as TrainParams;
  }

  /** The client of the runtime context. @throws TrainError `missing_context` */
  get client(): BackendClient {
    return backendOf(this.runtimeContext);
  }
}
