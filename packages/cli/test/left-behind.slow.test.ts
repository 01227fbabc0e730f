import { expect, it } from 'vitest';
import { CommandLine } from './command-line.js';

it('says of a failed undo why it failed and where, what had been saved, and what to do', async () => {
  await using commandLine = await CommandLine.open();
  await commandLine.write('undo.py', FAILING_UNDO);
  await commandLine.write(
    'flow.yaml',
    'name: flow\nplugins: { p: { python: undo.py } }\nsteps: [{ uses: ./own.mjs }, { uses: p/remote }]\n',
  );
  await commandLine.write('own.mjs', OWN_STEP);
  const { code, stdout } = await commandLine.run(['run', 'flow.yaml']);
  expect(code).toBe(3);
  const [, rollback = ''] = stdout.split('Rollback, newest step first:\n');
  expect(rollback).toMatch(/^ {2}remote {2}NOT undone, its undo failed .*no such bucket\n/);
  expect(rollback).toMatch(
    /\n {10}at .*undo\.py:14, in rollback\n {10}undo data: {"bucket":"night","token":"a{400,}…\n/,
  );
  expect(rollback).toMatch(/\n {2}own {5}NOT undone, its undo failed .*the disk is gone\n/);
  expect(rollback).toMatch(/\n {10}second line\n {10}at .*own\.mjs:9:\d+\n {10}had saved no undo data\n/);
  expect(rollback).toMatch(/\nTo do by hand, nothing does it later: undo remote, own, by the undo data above\.\n/);
});

const FAILING_UNDO = `from synapse_steps import BaseStep, StepResult


class RemoteStep(BaseStep):
    name = "remote"
    progress_weight = 1

    def execute(self, context):
        context.save_undo({"bucket": "night"})
        context.save_undo({"token": "a" * 2000})
        return StepResult(success=False, error="no network")

    def rollback(self, context, result):
        raise RuntimeError("no such bucket")
`;

const OWN_STEP = `import { defineStep, StepResult } from '@synapse-steps/core';

export default defineStep({
  name: 'own',
  execute() {
    return StepResult.ok();
  },
  rollback() {
    throw new Error('the disk is gone\\nsecond line');
  },
});
`;
