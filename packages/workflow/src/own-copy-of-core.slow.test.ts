import { cp, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BaseStep } from '@synapse-steps/core';
import { expect, it } from 'vitest';
import { Project, runAll } from '../test/project.js';

it(
  "a project's own packages may hold a copy of core: steps and contexts of it are known by their brand",
  { timeout: 60_000 },
  async () => {
    await using project = await Project.with({
      'flow.yaml': 'context: ./a.ts#Context\nsteps: [{ uses: ./a.ts#Step }]\n',
      'a.ts': OWN_STEP,
      'node_modules/@synapse-steps/core/package.json': JSON.stringify({ type: 'module', exports: './src/index.ts' }),
    });
    const core = fileURLToPath(new URL('../../core/', import.meta.url));
    await cp(`${core}src`, join(project.folder, 'node_modules/@synapse-steps/core/src'), { recursive: true });
    await symlink(await realpath(`${core}node_modules/zod`), join(project.folder, 'node_modules/zod'));
    await using workflow = await project.load();
    const [entry] = workflow.steps;
    expect(entry?.step).not.toBeInstanceOf(BaseStep);
    expect(await runAll(workflow)).toEqual([{ seen: 'theirs' }]);
  },
);

const OWN_STEP = `
import { BaseStep, BaseStepContext, StepResult } from '@synapse-steps/core';

export class Context extends BaseStepContext {
  seen = 'theirs';
}

export class Step extends BaseStep<Context> {
  readonly name = 'own';
  readonly progressWeight = 1;
  execute(context: Context) {
    return StepResult.ok({ data: { seen: context.seen } });
  }
}
`;
