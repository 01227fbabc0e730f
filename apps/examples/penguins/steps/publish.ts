import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BaseStep, StepResult } from '@synapse-steps/core';
import type { PenguinContext } from '../context.js';

/** Copies the model into a catalogue, a folder that others read. */
export class PublishStep extends BaseStep<PenguinContext, { file: string }> {
  readonly name = 'publish';
  readonly progressWeight = 0.05;

  override canSkip(context: PenguinContext) {
    return context.settings.catalogue === null && 'no catalogue was named';
  }

  async execute(context: PenguinContext) {
    const { catalogue, output } = context.settings;
    const { version } = context;
    if (catalogue === null || version === null)
      return StepResult.fail('There is no model. Run register before publish.');

    const file = join(context.absolute(catalogue), `${version}.json`);
    await context.saveUndo({ file });
    try {
      await copyFile(join(context.absolute(output), version, 'model.json'), file);
    } catch (cause) {
      return StepResult.fail(`Cannot write to the catalogue ${catalogue}. Is that folder there?`, { cause });
    }
    return StepResult.ok({ data: { file } });
  }

  override async rollback(_context: PenguinContext, result: StepResult<{ file: string }>) {
    const { file } = result.rollbackData;
    if (file !== undefined) await rm(file, { force: true });
  }
}
