import assert from 'node:assert/strict';
import { StepFailedError, type RunReport, type StepRegistry } from '@synapse-steps/core';
import type { UploadContext } from '@synapse-steps/upload';
import { writePictures } from '../pictures/write-pictures.js';
import { PublishIndexStep } from '../steps/publish-index-step.js';
import { contentOf } from './backend-content.js';
import { DigitsUpload, runUpload } from './digits-upload.js';
import { bold, heading } from './print.js';
import { counts, folderOf, type Stage } from './stage.js';

/** An upload with one more step, which cannot succeed. */
class PublishedUpload extends DigitsUpload {
  override setupSteps(registry: StepRegistry<UploadContext>): void {
    super.setupSteps(registry);
    registry.insertAfter('generate_data_units', new PublishIndexStep('no-such-folder/index.txt'));
  }
}

/** A step fails when everything is registered already: nothing of the upload is left. */
export async function failAndUndo(stage: Stage): Promise<void> {
  heading(`2. ${counts.more} more, with a step of our own that fails after they were registered`);
  const digits = stage.digits.slice(counts.first, counts.first + counts.more);
  await writePictures(folderOf(stage, 'more'), digits, counts.first);
  const before = await contentOf(stage);
  const report = await reportOfFailure(runUpload(PublishedUpload, stage, { name: 'More digits', path: 'more' }));
  const after = await contentOf(stage);

  const registered = report.steps.find(({ name }) => name === 'generate_data_units')?.data;
  assert.deepEqual(registered, { dataUnitsCount: counts.more, failedDataUnitsCount: 0, partialFailure: false });
  showUndo(report);
  assert(report.rollback?.complete, 'Something could not be undone.');
  assert.deepEqual(after, before, 'The backend is not as it was.');
  const proof = `${after.units.length} data units and ${after.files.length} files before and after`;
  console.log(`\nThe backend is ${bold('exactly as it was')}: ${proof}.`);
}

async function reportOfFailure(upload: Promise<unknown>): Promise<RunReport> {
  try {
    await upload;
  } catch (error) {
    if (!StepFailedError.is(error)) throw error;
    console.log(`\n${error.message}`);
    return error.report;
  }
  return assert.fail('The upload should have failed, and it succeeded.');
}

/** What became of each step, and what is left: a backend that deletes no files has a list here. */
function showUndo({ rollback }: RunReport): void {
  for (const { name, outcome, leftBehind } of rollback?.steps ?? []) {
    if (outcome !== 'nothing-to-undo') console.log(`  ${name.padEnd(20)} ${outcome}`);
    for (const left of leftBehind) console.log(`    left behind: ${left}`);
  }
}
