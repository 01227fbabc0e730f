import { expect, it } from 'vitest';
import { CommandLine, projects } from './command-line.js';

it('shows steps, weights, what can be undone and the params of a workflow, and runs nothing', async () => {
  await using commandLine = await CommandLine.open();
  const { code, stdout, stderr } = await commandLine.run(['describe', `${projects}mixed/workflow.yaml`]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(`workflow mixed: 4 steps

  step      weight  share  undo
  load           1   20 %  nothing to undo  ./steps/load-step.ts#LoadStep
  fit            2   40 %  can be undone    trainer/train
  evaluate       1   20 %  nothing to undo  trainer/evaluate
  publish        1   20 %  can be undone    ./steps/publish-step.ts#PublishStep

params:
  epochs  4  integer, default 3
  fail       boolean, default false

params of fit:
  rate  0.25
`);
  expect(await commandLine.files()).toEqual([]);
  expect(await commandLine.leftProcesses()).toEqual([]);
});

it('does so as JSON', async () => {
  await using commandLine = await CommandLine.open();
  const { stdout } = await commandLine.run(['describe', '--json', `${projects}mixed/workflow.yaml`]);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'workflow',
    name: 'mixed',
    params: { epochs: 4 },
    paramsSchema: { properties: { epochs: { type: 'integer' } } },
    steps: [
      { name: 'load', weight: 1, share: 0.2, undo: 'nothing-to-undo', pivot: false, optional: false },
      { name: 'fit', share: 0.4, undo: 'undo', plugin: 'trainer', uses: 'trainer/train', params: { rate: 0.25 } },
      { name: 'evaluate' },
      { name: 'publish' },
    ],
  });
});

it('needs no params, also where running does', async () => {
  await using commandLine = await CommandLine.open();
  const { code, stdout } = await commandLine.run(['describe', `${projects}broken/params.yaml`]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/epochs +0 +integer\n {2}csv +\(must be given\) +string\n/);
});

it('describes what a plugin offers, by its command', async () => {
  await using commandLine = await CommandLine.open();
  const plugin = `${projects}../plugins/minimal.sh`;
  const { code, stdout } = await commandLine.run(['describe', '--json', '--', 'bash', plugin]);
  expect(code).toBe(0);
  const description = JSON.parse(stdout) as { kind: string; steps: { name: string }[] };
  expect(description.kind).toBe('plugin');
  expect(description.steps.length).toBeGreaterThan(0);
  expect(await commandLine.leftProcesses()).toEqual([]);
});

it('describes a Python plugin by its file', async () => {
  await using commandLine = await CommandLine.open();
  const { code, stdout, stderr } = await commandLine.run(['describe', `${projects}mixed/plugins/trainer.py`]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^plugin trainer[^\n]*: 2 steps\n/);
  expect(stdout).toMatch(/\n {2}train +.*can be undone/);
  expect(await commandLine.leftProcesses()).toEqual([]);
});

it('names all types that a param may have', async () => {
  await using commandLine = await CommandLine.open();
  const { stdout } = await commandLine.run(['describe', `${projects}action/note.ts#Note`]);
  expect(stdout).toMatch(/\n {2}reader +null +integer \| string \| null, default null\n/);
});
