import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BaseStep, StepResult } from '@synapse-steps/core';
import type { MixedContext } from '../context.js';

export class PublishStep extends BaseStep<MixedContext, { file: string }> {
  readonly name = 'publish';
  readonly progressWeight = 1;

  async execute(context: MixedContext): Promise<StepResult<{ file: string }>> {
    const file = join(context.runtimeContext.workDir, 'published.json');
    await context.saveUndo({ file });
    await writeFile(file, JSON.stringify(context.model));
    if (context.params['fail'] === true) throw new Error('the registry said no');
    return StepResult.ok({ data: { file } });
  }

  override async rollback(_context: MixedContext, result: StepResult<{ file: string }>): Promise<void> {
    if (result.rollbackData.file !== undefined) await rm(result.rollbackData.file, { force: true });
  }
}
