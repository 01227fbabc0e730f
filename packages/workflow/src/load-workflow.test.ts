import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Project, runAll } from '../test/project.js';
import { loadWorkflow } from './load-workflow.js';

const projects = fileURLToPath(new URL('../../../test-fixtures/projects/', import.meta.url));

describe('loadWorkflow', () => {
  const numbers = `${projects}steps-in-typescript/workflow.yaml`;

  it('loads a class, a default export and an instance, from .ts and .mjs, with shared modules', async () => {
    await using workflow = await loadWorkflow(numbers, { params: { count: '2' } });
    expect(workflow.name).toBe('numbers');
    expect(workflow.steps.map(({ step, uses }) => [step.name, step.progressWeight, step.optional, uses])).toEqual([
      ['make', 3, undefined, './steps/make-step.ts#MakeStep'],
      ['sum', 1, undefined, './steps/sum-step.ts'],
      ['print', 0.5, true, './steps/show-step.mjs#show'],
    ]);
    expect(await runAll(workflow)).toEqual([{ count: 2 }, { sum: 21, loads: 1 }, {}]);
  });

  it('checks params by the context class, revives their types and fills in defaults', async () => {
    await using workflow = await loadWorkflow(numbers, { params: { count: '7' } });
    expect(workflow.params).toEqual({ count: 7, label: 'numbers' });
    expect(workflow.context.params).toEqual(workflow.params);
    expect(workflow.context.runtimeContext.workDir).toBe(process.cwd());
    await expect(loadWorkflow(numbers, { params: { count: 0 } })).rejects.toThrow(
      /the param 'count' was given 0: Too small/,
    );
  });

  it('checks what a step is given by its static stepParams, and says in which line it is wrong', async () => {
    await using project = await Project.with({ 'flow.yaml': numbersFlow('    with: { fro: 3 }') });
    await expect(project.load()).rejects.toThrow(
      /^flow\.yaml:3:11: 'with' of step 1 \(make\) is not right: Unrecognized key: "fro"\.$/,
    );
    await using wrong = await Project.with({ 'flow.yaml': numbersFlow('    with:\n      from: x') });
    await expect(wrong.load()).rejects.toThrow(/^flow\.yaml:4:13: 'from' in 'with' of step 1 \(make\) is not right: /);
  });

  it('refuses what a declared schema does not know, and takes it where there is none', async () => {
    const plain = (more: string): string => `steps:\n  - uses: ./plain.mjs#${more}\n    with: { fro: 3 }\n`;
    for (const [name, isRefused] of [
      ['Declares', true],
      ['Takes', false],
      ['Declares_not', false],
    ] as const) {
      await using project = await Project.with({ 'flow.yaml': plain(name), 'plain.mjs': PLAIN_STEPS });
      if (isRefused) {
        await expect(project.load()).rejects.toThrow(
          /^flow\.yaml:3:18: 'fro' in 'with' of step 1 \(plain\) is not right: the step does not know it\.$/,
        );
      } else {
        await using workflow = await project.load();
        expect(workflow.steps[0]?.step.stepParams).toEqual({ fro: 3 });
      }
    }
  });

  it.each([
    [
      'NeedsArgument',
      /the constructor of the export 'NeedsArgument' asks for 1 argument, but a step is made without any\./,
    ],
    ['Throws', /the export 'Throws' cannot be made: no folder today/],
    ['limit', /the export 'limit' is no step but a number\./],
    ['Counter', /the export 'Counter' is no step but another class\./],
    ['default', /there is no export 'default'|the file has no default export/],
  ])('refuses the export %s, which is no step that can be made', async (name, expected) => {
    const mark = name === 'default' ? '' : `#${name}`;
    const flow = `steps:\n  - uses: ${projects}steps-in-typescript/steps/make-step.ts${mark}\n`;
    await using project = await Project.with({ 'flow.yaml': flow });
    await expect(project.load()).rejects.toThrow(expected);
  });

  it('names file and line of a syntax error', async () => {
    await using project = await Project.with({
      'flow.yaml': 'steps: [{ uses: ./a.ts }]\n',
      'a.ts': 'export default {\n  execute( {\n}\n',
    });
    await expect(project.load()).rejects.toThrow(
      /^flow\.yaml:1:17: \.\/a\.ts cannot be loaded: .*Unexpected token.* \(at a\.ts:4:0\)\.$/,
    );
  });

  it('names a module that a step imports in vain', async () => {
    await using project = await Project.with({
      'flow.yaml': 'steps: [{ uses: ./a.ts }]\n',
      'a.ts': "import 'not-installed';\n",
    });
    await expect(project.load()).rejects.toThrow(/\.\/a\.ts cannot be loaded: .*not-installed/);
  });

  it('refuses a context that is none, and one whose constructor throws', async () => {
    const files = {
      'flow.yaml': 'context: ./c.ts#Context\nsteps: [{ uses: ./a.ts }]\n',
      'a.ts':
        "import { defineStep, StepResult } from '@synapse-steps/core';\nexport default defineStep({ name: 'a', execute: () => StepResult.ok() });\n",
    };
    await using none = await Project.with({ ...files, 'c.ts': 'export class Context {}\n' });
    await expect(none.load()).rejects.toThrow(
      /^flow\.yaml:1:10: \.\/c\.ts: the export 'Context' is no context class but another class\./,
    );
    const throwing =
      "import { BaseStepContext } from '@synapse-steps/core';\nexport class Context extends BaseStepContext { constructor() { super(); throw new Error('no'); } }\n";
    await using thrown = await Project.with({ ...files, 'c.ts': throwing });
    await expect(thrown.load()).rejects.toThrow(/^flow\.yaml:1:10: the context cannot be made: no$/);
  });
});

describe('the settings of a step', () => {
  const flaky = `
import { defineStep, StepResult } from '@synapse-steps/core';
let calls = 0;
export const flaky = defineStep({
  name: 'flaky',
  execute: () => (++calls < 3 ? StepResult.fail('not yet') : StepResult.ok({ data: { calls } })),
});
export const slow = defineStep({
  name: 'slow',
  execute: (context) => new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason))),
});
`;

  it('try it again', async () => {
    const flow = 'steps: [{ uses: ./a.ts#flaky, name: last, retry: { attempts: 3, delay: 1ms } }]\n';
    await using project = await Project.with({ 'flow.yaml': flow, 'a.ts': flaky });
    await using workflow = await project.load();
    expect(workflow.steps[0]?.step.name).toBe('last');
    expect(await runAll(workflow)).toEqual([{ calls: 3 }]);
  });

  it('limit its time', async () => {
    const flow = 'steps: [{ uses: ./a.ts#slow, timeout: 10ms }]\n';
    await using project = await Project.with({ 'flow.yaml': flow, 'a.ts': flaky });
    await using workflow = await project.load();
    await expect(runAll(workflow)).rejects.toThrow(/Step 'slow' failed: .*10 ms/);
  });

  it('run it beside others', async () => {
    const flow =
      'steps:\n  - name: both\n    parallel: [{ uses: ./a.ts#flaky, retry: { delay: 1ms } }, { uses: ./b.mjs }]\n';
    const other =
      "import { defineStep, StepResult } from '@synapse-steps/core';\nexport default defineStep({ name: 'b', progressWeight: 3, execute: () => StepResult.ok() });\n";
    await using project = await Project.with({ 'flow.yaml': flow, 'a.ts': flaky, 'b.mjs': other });
    await using workflow = await project.load();
    expect(workflow.steps).toMatchObject([
      {
        uses: 'parallel',
        step: { name: 'both', progressWeight: 4 },
        children: [{ uses: './a.ts#flaky' }, { uses: './b.mjs' }],
      },
    ]);
    expect(await runAll(workflow)).toEqual([{ flaky: { calls: 3 }, b: {} }, { calls: 3 }, {}]);
  });
});

describe("a project's own packages", () => {
  it('may be ESM only, with await at the top', async () => {
    await using project = await Project.with({
      'flow.yaml': 'steps: [{ uses: ./a.ts }]\n',
      'a.ts':
        "import { word } from 'esm-only';\nimport { defineStep, StepResult } from '@synapse-steps/core';\nexport default defineStep({ name: 'a', execute: () => StepResult.ok({ data: { word } }) });\n",
      'node_modules/esm-only/package.json': JSON.stringify({ type: 'module', exports: { import: './index.js' } }),
      'node_modules/esm-only/index.js': "export const word = await Promise.resolve('late');\n",
    });
    await using workflow = await project.load();
    expect(await runAll(workflow)).toEqual([{ word: 'late' }]);
  });
});

describe('plugins', () => {
  it('run in the working directory, get the variables that the file grants, and end with the workflow', async () => {
    await using project = await Project.with({ 'flow.yaml': PLUGIN_FLOW, 'where.py': WHERE_PLUGIN });
    const workflow = await project.load();
    const [data] = (await runAll(workflow)) as { cwd: string; home: boolean; granted: string | null; pid: number }[];
    expect(data).toMatchObject({ cwd: project.folder, granted: 'test' });
    await workflow.close();
    expect(() => process.kill(data?.pid ?? 0, 0)).toThrow(/ESRCH/);
  });

  it('end when anything else of the workflow cannot be loaded', async () => {
    const flow = `${PLUGIN_FLOW}  - uses: ./nowhere.ts\n`;
    await using project = await Project.with({ 'flow.yaml': flow, 'where.py': WHERE_PLUGIN });
    await expect(project.load()).rejects.toThrow(
      /^flow\.yaml:5:11: \.\/nowhere\.ts cannot be loaded: there is no such file; .*$/,
    );
  });

  it('are not started for a secret that is not set', async () => {
    const flow = PLUGIN_FLOW.replace('env: [NODE_ENV]', 'secrets: [A_SECRET_THAT_IS_NOT_SET]');
    await using project = await Project.with({ 'flow.yaml': flow, 'where.py': WHERE_PLUGIN });
    await expect(project.load()).rejects.toThrow(
      /^flow\.yaml:2:\d+: the plugin 'w' needs 'A_SECRET_THAT_IS_NOT_SET' from the environment, where that is not set\./,
    );
  });
});

function numbersFlow(withLines: string): string {
  return `steps:\n  - uses: ${projects}steps-in-typescript/steps/make-step.ts#MakeStep\n${withLines}\n`;
}

const PLUGIN_FLOW = `plugins:
  w: { python: where.py, env: [NODE_ENV] }
steps:
  - uses: w/where
`;

const WHERE_PLUGIN = `
import os

from synapse_steps import BaseStep, StepResult


class WhereStep(BaseStep):
    name = "where"
    progress_weight = 1

    def execute(self, context):
        return StepResult(data={"cwd": os.getcwd(), "granted": os.environ.get("NODE_ENV"), "pid": os.getpid()})
`;

const PLAIN_STEPS = `import { BaseStep, StepResult } from '@synapse-steps/core';
import { z } from 'zod';

export class Declares_not extends BaseStep {
  name = 'plain';
  progressWeight = 1;
  execute() {
    return StepResult.ok();
  }
}
export class Declares extends Declares_not {
  static stepParams = z.object({ from: z.number().default(1) });
}
export class Takes extends Declares_not {
  static stepParams = z.looseObject({});
}
`;
