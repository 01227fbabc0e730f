import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineStep, StepResult } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import type { PenguinContext } from '../context.js';
import { hashTree } from '../demo/hash-tree.js';
import { runSteps, temporaryFolder } from '../test/run-steps.js';
import { RegisterStep } from './register.js';

const trained = defineStep<PenguinContext>({
  name: 'trained',
  execute(context) {
    const classes = ['Adelie', 'Gentoo'];
    context.model = { classes, mean: [40], scale: [5], weights: [[-1], [1]], bias: [0, 0] };
    context.evaluation = {
      accuracy: 0.9,
      classes,
      confusion: [
        [5, 1],
        [0, 4],
      ],
    };
    return StepResult.ok();
  },
});

/** A last step that fails, after it has done something. */
function failing(before: (context: PenguinContext) => unknown = () => undefined) {
  return defineStep<PenguinContext>({
    name: 'failing',
    async execute(context) {
      await before(context);
      return StepResult.fail('on purpose');
    },
  });
}

describe('register', () => {
  it('writes the model and its card into a folder named after the run, and nothing else', async () => {
    await using folder = await temporaryFolder();
    const { context, report } = await runSteps([trained, new RegisterStep()], { output: folder.path });
    expect(await readdir(folder.path)).toEqual([report.runId]);
    const version = join(folder.path, report.runId);
    expect((await readdir(version)).toSorted()).toEqual(['card.md', 'model.json']);
    expect(JSON.parse(await readFile(join(version, 'model.json'), 'utf8'))).toMatchObject({
      version: report.runId,
      model: context.model,
      evaluation: { accuracy: 0.9 },
    });
    expect(await readFile(join(version, 'card.md'), 'utf8')).toContain('90.0%');
  });

  it('leaves the folder as it was before when a later step fails', async () => {
    await using folder = await temporaryFolder();
    await runSteps([trained, new RegisterStep()], { output: folder.path });
    await folder.write('notes.txt', 'somebody else wrote this');
    const before = await hashTree(folder.path);
    const { report } = await runSteps([trained, new RegisterStep(), failing()], { output: folder.path });
    expect(report.rollback?.steps).toContainEqual(expect.objectContaining({ name: 'register', outcome: 'undone' }));
    expect(await hashTree(folder.path)).toEqual(before);
  });

  it('removes its draft when it fails half-way', async () => {
    await using folder = await temporaryFolder();
    const { report } = await runSteps([new RegisterStep()], { output: folder.path }); // without a model
    expect(report.error?.message).toMatch(/There is no evaluated model/);
    expect(report.status).toBe('rolled-back');
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('keeps what somebody else put into the folder, and says so', async () => {
    await using folder = await temporaryFolder();
    const addNote = ({ runId }: PenguinContext) => writeFile(join(folder.path, runId, 'note.txt'), 'mine');
    const { report } = await runSteps([trained, new RegisterStep(), failing(addNote)], { output: folder.path });
    const version = join(folder.path, report.runId);
    expect(await readdir(version)).toEqual(['note.txt']);
    expect(report.rollback?.complete).toBe(false);
    expect(report.rollback?.steps).toContainEqual(
      expect.objectContaining({ outcome: 'irreversible', leftBehind: [`${version}, which holds note.txt`] }),
    );
  });

  it('finds nothing to remove when somebody else has removed it', async () => {
    await using folder = await temporaryFolder();
    const remove = ({ runId }: PenguinContext) => rm(join(folder.path, runId), { recursive: true });
    const { report } = await runSteps([trained, new RegisterStep(), failing(remove)], { output: folder.path });
    expect(report.status).toBe('rolled-back');
  });

  it('never overwrites a folder of that name', async () => {
    await using folder = await temporaryFolder();
    const occupy = defineStep<PenguinContext>({
      name: 'occupy',
      async execute({ runId }) {
        await mkdir(join(folder.path, runId));
        await writeFile(join(folder.path, runId, 'theirs.txt'), 'theirs');
        return StepResult.ok();
      },
    });
    const { report } = await runSteps([occupy, trained, new RegisterStep()], { output: folder.path });
    expect(report.success).toBe(false);
    expect(existsSync(join(folder.path, report.runId, 'theirs.txt'))).toBe(true);
    expect(await readdir(folder.path)).toEqual([report.runId]); // the draft is gone
  });
});
