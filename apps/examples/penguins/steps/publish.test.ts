import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineStep, StepResult } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import type { PenguinContext } from '../context.js';
import { runSteps, temporaryFolder } from '../test/run-steps.js';
import { PublishStep } from './publish.js';

const registered = (output: string) =>
  defineStep<PenguinContext>({
    name: 'registered',
    async execute(context) {
      context.version = 'v1';
      await mkdir(join(output, 'v1'));
      return StepResult.ok();
    },
  });

describe('publish', () => {
  it('is skipped when no catalogue was named', async () => {
    const { report } = await runSteps([new PublishStep()], {});
    expect(report.steps[0]).toMatchObject({ status: 'skipped', skipReason: 'no catalogue was named' });
  });

  it('names the catalogue that is not there', async () => {
    await using folder = await temporaryFolder();
    const catalogue = join(folder.path, 'absent');
    const { report } = await runSteps([registered(folder.path), new PublishStep()], { output: folder.path, catalogue });
    expect(report.error?.message).toBe(`Cannot write to the catalogue ${catalogue}. Is that folder there?`);
    expect(report.status).toBe('rolled-back');
  });

  it('copies the model under the name of its version, and takes only that copy back', async () => {
    await using folder = await temporaryFolder();
    await using shelf = await temporaryFolder();
    await shelf.write('other.json', '{}');
    const write = defineStep<PenguinContext>({
      name: 'write',
      async execute() {
        await folder.write('v1/model.json', '{"model":1}');
        return StepResult.ok();
      },
    });
    const look = defineStep<PenguinContext>({
      name: 'look',
      async execute() {
        return StepResult.fail(await readFile(join(shelf.path, 'v1.json'), 'utf8'));
      },
    });
    const steps = [registered(folder.path), write, new PublishStep(), look];
    const { report } = await runSteps(steps, { output: folder.path, catalogue: shelf.path });
    expect(report.error?.message).toContain('{"model":1}');
    expect(await readdir(shelf.path)).toEqual(['other.json']);
  });
});
