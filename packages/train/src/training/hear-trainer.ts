import type { JsonObject, StepLog } from '@synapse-steps/core';

import { isObject } from '../is-object.js';
import type { PluginHost } from '../plugin/action-plugin.js';
import { trainingOf, type TrainContext } from '../train-context.js';
import { TrainError } from '../train-error.js';
import type { Metrics } from './measured-metrics.js';
import { undoOfCheckpoint } from './saved-checkpoint.js';

/**
 * A trainer in a plugin tells the same as one in TypeScript, with what any runtime of the protocol has: `metrics` that hold
 * their `epoch` are a report, the undo data `checkpoint` (or `checkpoint:…`) name a checkpoint, and a log event
 * `visualization` with an `image` is a picture.
 */
export function hearTrainer(context: () => TrainContext): PluginHost {
  return {
    context,
    beforeUndo: (speaker, data) => keepCheckpoints(speaker as TrainContext, data),
    onMetrics: (speaker, metrics, category) => takeMetrics(speaker as TrainContext, metrics, category),
    onLog: (_speaker, entry) => withImage(entry),
  };
}

function takeMetrics(context: TrainContext, { epoch, ...metrics }: Record<string, unknown>, category?: string): void {
  if (typeof epoch === 'number')
    context.reportMetrics(metrics as Metrics, { epoch, ...(category !== undefined && { category }) });
}

/** They are known to the context, and so to a host that resumes the run, in the moment in which their undo data are safe. */
async function keepCheckpoints(context: TrainContext, data: JsonObject): Promise<JsonObject> {
  let undo: JsonObject = {};
  if (!trainingOf(context).isUnderWay) return undo; // another step may call what it likes so
  for (const [name, said] of Object.entries(data)) {
    if (name !== 'checkpoint' && !name.startsWith('checkpoint:')) continue;
    const { path, epoch, metrics } = checkpointIn(name, said);
    undo = { ...undo, ...undoOfCheckpoint(await context.addCheckpoint(path, { ...epoch, ...metrics })) };
  }
  return undo;
}

function checkpointIn(name: string, said: unknown) {
  const told: Record<string, unknown> = isObject(said) ? said : { path: said };
  const { path, epoch, metrics } = told;
  if (typeof path !== 'string') {
    throw new TrainError({
      code: 'checkpoint_not_usable',
      message: `The undo data '${name}' name a checkpoint, so they must be its path, or { path, epoch, metrics }.`,
    });
  }
  return {
    path,
    epoch: typeof epoch === 'number' ? { epoch } : {},
    metrics: isObject(metrics) ? { metrics: metrics as Metrics } : {},
  };
}

/** The image of a gallery goes with its line as the file of it. */
function withImage(entry: StepLog): StepLog {
  if (entry.event !== 'visualization' || !isObject(entry.data)) return entry;
  const { image, ...data } = entry.data;
  return typeof image === 'string' ? { ...entry, data, file: image } : entry;
}
