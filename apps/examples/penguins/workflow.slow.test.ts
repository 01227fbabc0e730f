import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Orchestrator, type RunReport } from '@synapse-steps/core';
import { loadWorkflow } from '@synapse-steps/workflow';
import { describe, expect, it } from 'vitest';
import { readModel, versionsIn } from './demo/read-model.js';
import { penguinsCsv, temporaryFolder } from './test/run-steps.js';

// Slow, because it needs the packages built: the steps of a workflow file import them as a user's do.

const inPython = fileURLToPath(new URL('workflow.yaml', import.meta.url));
const inTypeScript = fileURLToPath(new URL('workflow-typescript.yaml', import.meta.url));

async function outline(file: string) {
  await using workflow = await loadWorkflow(file);
  return workflow.registry.getSteps().map(({ name, progressWeight }) => ({ name, progressWeight }));
}

/** Runs a workflow file into a folder that is there for `look` only. */
async function run(file: string, look: (output: string, report: RunReport) => Promise<unknown>) {
  await using folder = await temporaryFolder();
  const params = { csv: penguinsCsv, output: folder.path, epochs: 50 };
  await using workflow = await loadWorkflow(file, { params });
  const report = await new Orchestrator(workflow.registry, workflow.context).execute();
  return await look(folder.path, report);
}

describe('the two workflow files', () => {
  it('have the same steps with the same weights, which are parts of 1', async () => {
    const steps = await outline(inPython);
    expect(await outline(inTypeScript)).toEqual(steps);
    expect(steps.reduce((sum, { progressWeight }) => sum + progressWeight, 0)).toBeCloseTo(1, 10);
  });

  it('make the same evaluation of their models', async () => {
    const evaluationOf = async (output: string) => {
      const [folder = ''] = await versionsIn(output);
      return (await readModel(folder)).evaluation;
    };
    expect(await run(inPython, evaluationOf)).toEqual(await run(inTypeScript, evaluationOf));
  });

  it.each([inPython, inTypeScript])(
    'leave the model and the weights of their run and nothing else: %s',
    async (file) => {
      await run(file, async (output, { runId }) => {
        expect((await readdir(output)).toSorted()).toEqual([runId, `weights-${runId}.json`].toSorted());
      });
    },
  );
});
