import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BaseStepContext, type JsonObject, Orchestrator, ParallelStep, StepRegistry } from '@synapse-steps/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fixturePath, openFixture } from '../../../test/open-fixture.js';
import { until } from '../../../test/processes.js';
import { runSteps } from '../../../test/run-steps.js';

const served = new URL('../../../test/served-plugin.ts', import.meta.url).pathname;

interface Isolated {
  readonly file: string;
  readonly steps: readonly string[];
  readonly fields: JsonObject;
}

describe('isolated calls of a plugin that is written with', () => {
  const rows: readonly (readonly [name: string, plugin: Isolated])[] = [
    ['the Python runtime', { file: 'conforming.py', steps: ['work', 'conformance-prints'], fields: {} }],
    ['the Node runtime', { file: served, steps: ['change', 'change'], fields: { model: { layers: [] } } }],
    ['bash and jq', { file: fixturePath('bash/plugin.sh'), steps: ['double', 'double'], fields: { value: 2 } }],
  ];

  it.each(rows)('%s each get a process, which ends without a word', async (_name, { file, steps, fields }) => {
    const { session, log } = await openFixture(file, { isolation: 'process', limits: { maxRestarts: 0 } });
    for (const step of steps) {
      const [pid] = session.pids;
      expect((await runSteps(session, [step], { fields })).report.status).toBe('succeeded');
      await until(() => !session.pids.includes(pid ?? 0), { what: 'its process is gone' });
    }
    expect(log).toEqual([]);
  });
});

describe.runIf(availableParallelism() > 1)('parallel steps of a Python plugin with two workers', () => {
  it('compute at the same time, each in an interpreter of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bridge-meet-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'meet.py'), MEET);
    const { session } = await openFixture(join(folder, 'meet.py'), { workers: 2, cwd: folder });
    const registry = new StepRegistry();
    registry.register(new ParallelStep([session.step('left'), session.step('right')]));
    const report = await new Orchestrator(registry, new BaseStepContext()).execute();
    expect(report.status).toBe('succeeded');
    expect(session.pids).toHaveLength(2);
  });
});

/** Each waits, without ever letting go of its interpreter, until it sees the mark of the other. */
const MEET = `
import os
from synapse_steps import BaseStep, StepResult

class Meet(BaseStep):
    progress_weight = 1
    def execute(self, context):
        open(self.name, "w").close()
        while not (os.path.exists("left") and os.path.exists("right")):
            pass
        return StepResult()

class Left(Meet):
    name = "left"

class Right(Meet):
    name = "right"
`;
