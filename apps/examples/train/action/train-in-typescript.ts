import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Checkpoint, TrainContext } from '@synapse-steps/train';
import { DigitsModel } from '../trainers/typescript/digits-model.js';
import type { TrainedDigits } from './digits-trainer.js';

export interface TrainInTypeScriptOptions {
  /** The file that names the classes. */
  readonly dataPath: string;
  readonly checkpoint: Checkpoint | undefined;
  readonly epochs: number;
  readonly output: string;
}

/** Trains in this process. Each epoch is a checkpoint, and the best of them is the model. */
export async function trainInTypeScript(
  context: TrainContext,
  { dataPath, checkpoint, epochs, output }: TrainInTypeScriptOptions,
): Promise<TrainedDigits> {
  await context.saveUndo({ output }); // before the folder exists
  const model = await DigitsModel.over(dataPath);
  if (checkpoint) await model.load(checkpoint.path);
  let best = { path: checkpoint?.path ?? output, epoch: checkpoint?.epoch ?? 0, loss: Infinity };
  for await (const { epoch, metrics } of model.epochs(best.epoch + 1, epochs)) {
    const path = join(output, `epoch-${String(epoch).padStart(2, '0')}`);
    await model.save(path, { epoch, ...metrics });
    await context.saveCheckpoint(path, { epoch, metrics });
    context.reportMetrics(metrics, { epoch });
    context.setProgress(epoch, epochs);
    const loss = metrics.validation_loss;
    if (loss < best.loss) best = { path, epoch, loss };
    await setImmediate(undefined, { signal: context.signal }); // a cancel can come in
    if (context.stopRequested) break;
  }
  await model.load(best.path);
  const { accuracy, confusion, classes } = await model.evaluate();
  return {
    weights_path: best.path,
    epoch: best.epoch,
    accuracy,
    confusion: confusion.map((row) => [...row]),
    classes: [...classes],
  };
}
