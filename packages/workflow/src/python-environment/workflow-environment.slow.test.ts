import { Orchestrator } from '@synapse-steps/core';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { PythonProject } from '../../test/python-packages.js';
import { loadWorkflow } from '../load-workflow.js';

const PLUGIN = `
import alpha
from synapse_steps import BaseStep, StepResult


class Tell(BaseStep):
    name = "tell"
    progress_weight = 1

    def execute(self, context):
        return StepResult(data={"version": alpha.version})
`;

const FLOW = (more: string): string => `plugins:
  p:
    python: plugin.py
${more.replace(/^/gm, '    ')}
steps: [{ uses: p/tell }]
`;

async function open(more: string): Promise<PythonProject> {
  const project = await PythonProject.open();
  vi.stubEnv('XDG_CACHE_HOME', join(project.folder, 'caches'));
  await project.addWheel('alpha', '1.5');
  await project.write('plugin.py', PLUGIN);
  await project.write('requirements.txt', 'alpha\n');
  await project.write('flow.yaml', FLOW(more));
  return project;
}

it('a plugin runs in the environment that its workflow file asks for, and its making is told as it goes on', async () => {
  const project = await open('requirements: requirements.txt\nrequiresPython: ">=3.9"');
  const told: string[] = [];
  const load = async () =>
    await loadWorkflow('flow.yaml', {
      workDir: project.folder,
      onPluginEnvironment: ({ plugin, phase }) => void told.push(`${plugin} ${phase}`),
    });
  {
    await using workflow = await load();
    const report = await new Orchestrator(workflow.registry, workflow.context).execute();
    expect(report.steps[0]?.data).toEqual({ version: '1.5' });
  }
  expect(told.slice(0, 2)).toEqual(['p creating', 'p installing']);
  told.length = 0;
  await using workflow = await load();
  expect(told).toEqual([]);
  expect(workflow.steps).toHaveLength(1);
});

it('without a listener of its own the making goes to the log of the plugins', async () => {
  const project = await open('requirements: requirements.txt');
  const logged: string[] = [];
  await using workflow = await loadWorkflow('flow.yaml', {
    workDir: project.folder,
    onPluginLog: ({ plugin, message }) => void logged.push(`${plugin}: ${message}`),
  });
  expect(workflow.steps).toHaveLength(1);
  expect(logged[0]).toMatch(/^p: Python environment: Python 3\./);
});

it('what is wrong with an environment is told where the file asks for it', async () => {
  const project = await open('requirements: gone.txt');
  const load = async (more: string) => {
    await project.write('flow.yaml', FLOW(more));
    await loadWorkflow('flow.yaml', { workDir: project.folder });
  };
  await expect(load('requirements: gone.txt')).rejects.toThrow(
    /^flow\.yaml:4:5: the plugin 'p' \(Python, plugin\.py\) cannot be used: the requirements .*gone\.txt cannot be read/,
  );
  await expect(load('environment: ./gone')).rejects.toThrow(/^flow\.yaml:4:5: .*gone is no Python environment/);
  await expect(load('interpreter: python3\nrequiresPython: ">=3.99"')).rejects.toThrow(
    /^flow\.yaml:5:5: .*no Python '>=3\.99' was found\. Tried: python3/,
  );
  await expect(load('requiresPython: "3.10"')).rejects.toThrow(/^flow\.yaml:4:5: .*lacks an operator/);
});
