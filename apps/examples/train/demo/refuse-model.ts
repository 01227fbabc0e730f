import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { StepFailedError, type LogEntry, type RunReport } from '@synapse-steps/core';
import { contentOf } from './backend-content.js';
import { exitCodeOf } from './exit-codes.js';
import type { Options } from './options.js';
import { bold, heading } from '../../upload/demo/print.js';
import { folderOf, runTraining } from './run-training.js';
import type { Stage } from './stage.js';
import { TrainingLines } from './training-lines.js';

/**
 * A training that goes on from the model of the first. Somebody deletes that model meanwhile, so the backend refuses one that
 * says it was made from it.
 */
export async function refuseModel(
  stage: Stage,
  { dataset, model, trainer, keeps }: Options & { readonly dataset: number; readonly model: number },
): Promise<number> {
  heading(`3. A training that goes on from model ${model}, which somebody deletes meanwhile`);
  const name = 'more-digits';
  const before = await contentOf(stage);
  const logger = new DeletingLines({ keeps }, async () => {
    const isDeleted = await stage.client.models.delete(model);
    console.log(`    ${bold(`model ${model} is deleted now`)}, by somebody else`);
    return isDeleted;
  });
  const report = await reportOfFailure(runTraining(stage, { dataset, trainer, name, checkpoint: model, logger }));
  await logger.deleted;
  const failed = report.steps.find(({ status }) => status === 'failed')?.name;
  assert.equal(failed, 'model_upload', `${failed} has failed.`);
  showUndo(report);
  const { models, files } = await contentOf(stage);
  assert.deepEqual(models, [], `A model is left: ${models.join(', ')}.`);
  assert.equal(files, before.files - 1, 'What was sent of the model is left.'); // the first one is gone
  assert.equal(existsSync(folderOf(stage, name)), false, `Something is left in ${folderOf(stage, name)}.`);
  console.log(`\n${bold('No model is left')} on the backend, and nothing of it on this machine.`);
  return exitCodeOf(report);
}

/** Deletes the model once the first epoch is done. */
class DeletingLines extends TrainingLines {
  readonly #remove: () => Promise<boolean>;
  deleted: Promise<boolean> | undefined;

  constructor(options: Pick<Options, 'keeps'>, remove: () => Promise<boolean>) {
    super(options);
    this.#remove = remove;
  }

  protected override write(entry: LogEntry): void {
    super.write(entry);
    if (entry.event === 'metric') this.deleted ??= this.#remove();
  }
}

async function reportOfFailure(training: Promise<unknown>): Promise<RunReport> {
  try {
    await training;
  } catch (error) {
    if (!StepFailedError.is(error)) throw error;
    console.log(`\n${error.message}`);
    return error.report;
  }
  return assert.fail('The training should have failed, and it succeeded.');
}

function showUndo({ rollback }: RunReport): void {
  for (const { name, outcome, leftBehind } of rollback?.steps ?? []) {
    if (outcome !== 'nothing-to-undo') console.log(`  ${name.padEnd(14)} ${outcome}`);
    for (const left of leftBehind) console.log(`    left behind: ${left}`);
  }
}
