import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BaseStep, StepResult } from '@synapse-steps/core';
import { modelCard } from '../classifier/model-card.js';
import type { PenguinContext } from '../context.js';
import { measurements } from '../penguin.js';

/** `draft` is the folder in which the files are written, `folder` what it becomes. */
type Undo = { draft: string; folder: string };

/** Puts the model and its card into a folder of their own, which is there as a whole or not at all. */
export class RegisterStep extends BaseStep<PenguinContext, Undo> {
  readonly name = 'register';
  readonly progressWeight = 0.05;

  async execute(context: PenguinContext) {
    const output = context.absolute(context.settings.output);
    const version = context.runId; // no other run can have made a folder of that name
    const draft = join(output, `.draft-${version}`);
    const folder = join(output, version);

    await context.saveUndo({ draft, folder }); // before the first of them exists
    await mkdir(draft);
    for (const [name, text] of Object.entries(files(context))) await writeFile(join(draft, name), text);
    await rename(draft, folder);

    context.version = version;
    return StepResult.ok({ data: { folder } });
  }

  override async rollback(_context: PenguinContext, result: StepResult<Undo>) {
    for (const folder of [result.rollbackData.draft, result.rollbackData.folder]) {
      if (folder === undefined || !existsSync(folder)) continue;
      for (const name of ['card.md', 'model.json']) await rm(join(folder, name), { force: true });
      const others = await readdir(folder); // not ours: they stay, and the report says so
      if (others.length > 0) return { leftBehind: [`${folder}, which holds ${others.join(', ')}`] };
      await rmdir(folder);
    }
    return {};
  }
}

function files({ model, evaluation, runId, params }: PenguinContext): Record<'card.md' | 'model.json', string> {
  if (model === null || evaluation === null)
    throw new Error('There is no evaluated model. Run train and evaluate first.');
  const registered = { version: runId, params, features: measurements, model, evaluation };
  return {
    'card.md': modelCard(registered),
    'model.json': `${JSON.stringify(registered, undefined, 2)}\n`,
  };
}
