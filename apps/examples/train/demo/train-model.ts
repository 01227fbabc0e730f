import assert from 'node:assert/strict';
import { contentOf } from './backend-content.js';
import type { Options } from './options.js';
import { bold, heading } from '../../upload/demo/print.js';
import { runTraining } from './run-training.js';
import type { Stage } from './stage.js';
import { TrainingLines } from './training-lines.js';

const WANTED_ACCURACY = 0.95;

/** A data set is downloaded, converted and learned; the model is registered. Gives its id. */
export async function trainModel(stage: Stage, dataset: number, { trainer, keeps }: Options): Promise<number> {
  heading(`2. A training with ${trainer}`);
  const { modelId, value } = await runTraining(stage, {
    dataset,
    trainer,
    name: 'digits',
    logger: new TrainingLines({ keeps }),
  });
  const { accuracy, epoch, confusion } = value;
  const seen = confusion.flat().reduce((sum, count) => sum + count, 0);
  console.log(
    `\nAccuracy on ${seen} digits that it has not seen: ${bold(`${(accuracy * 100).toFixed(1)} %`)} (epoch ${epoch})`,
  );
  assert(accuracy >= WANTED_ACCURACY, `The accuracy is ${accuracy}, and must be ${WANTED_ACCURACY} or more.`);

  const { models } = await contentOf(stage);
  assert(typeof modelId === 'number' && models.length === 1, `The backend has ${models.length} models.`);
  const { file } = await stage.client.models.get(modelId);
  assert(file, 'The model has no file.');
  console.log(`It is registered: model ${models.join()}`);
  return modelId;
}
