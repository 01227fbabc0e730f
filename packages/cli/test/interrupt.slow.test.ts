import { runEventSchema, type RunReport } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import { CommandLine, projects } from './command-line.js';

const gated = `${projects}gated/workflow.yaml`;

function reportOf(stdout: string): RunReport | undefined {
  const last = runEventSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
  return last.type === 'run-end' ? last.report : undefined;
}

describe('Ctrl-C', () => {
  it('cancels the running step, undoes what was done and exits with 130', async () => {
    await using commandLine = await CommandLine.open();
    const running = commandLine.start(['run', gated, '--json']);
    await running.prints(/"step-progress"/);
    running.signal('SIGINT');
    const { code, stdout, stderr } = await running.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(/Cancelling: what was done is being undone\./);
    expect(stderr).toMatch(/The run was cancelled in step 'gated': Ctrl-C/);
    expect(reportOf(stdout)).toMatchObject({
      status: 'rolled-back',
      error: { code: 'run_cancelled' },
      rollback: {
        complete: true,
        steps: [
          { name: 'gated', outcome: 'undone' },
          { name: 'first', outcome: 'undone' },
        ],
      },
    });
  });

  it('says what is happening the second time, and changes nothing', async () => {
    await using commandLine = await CommandLine.open();
    const running = commandLine.start(['run', gated, '--json', '--param', 'slowUndo=true']);
    await running.prints(/"step-progress"/);
    running.signal('SIGINT');
    await running.prints(/undo of first begins/);
    running.signal('SIGINT');
    await running.prints(/Undoing: 1 of 2 steps are done\. Now: 'first'\. Ctrl-C once more gives up/, 'stderr');
    await commandLine.write('undo-first');
    const { code, stdout } = await running.finished;
    expect(code).toBe(130);
    expect(reportOf(stdout)).toMatchObject({ status: 'rolled-back', rollback: { complete: true } });
  });

  it('gives up the third time, says what was left, and exits with 3', async () => {
    await using commandLine = await CommandLine.open();
    const running = commandLine.start(['run', gated, '--json', '--param', 'slowUndo=true']);
    await running.prints(/"step-progress"/);
    running.signal('SIGINT');
    await running.prints(/undo of first begins/);
    running.signal('SIGINT');
    await running.prints(/gives up/, 'stderr');
    running.signal('SIGINT');
    await running.prints(/Giving up\. Not undone: first\./, 'stderr');
    const { code, stdout } = await running.finished;
    expect(code).toBe(3);
    expect(reportOf(stdout)).toMatchObject({ status: 'rollback-abandoned', rollback: { complete: false } });
  });

  it('shows, of what was left, the undo data that had been saved', async () => {
    await using commandLine = await CommandLine.open();
    const running = commandLine.start(['run', gated, '--param', 'slowUndo=true']);
    await running.prints(/gated \| at the gate/);
    running.signal('SIGINT');
    await running.prints(/undo of first begins/);
    running.signal('SIGINT');
    await running.prints(/gives up/, 'stderr');
    running.signal('SIGINT');
    const { code, stdout } = await running.finished;
    expect(code).toBe(3);
    expect(stdout).toMatch(/\n {2}first +NOT undone, .*abandoned.*\n(?: +at .*\n)? {9}undo data: {"made":"first"}\n/);
    expect(stdout).toMatch(/\nTo do by hand, nothing does it later: undo first, by the undo data above\.\n/);
  });

  it('names the step that does not stop', async () => {
    await using commandLine = await CommandLine.open();
    const running = commandLine.start(['run', gated, '--json', '--param', 'deaf=true']);
    await running.prints(/"step-progress"/);
    running.signal('SIGINT');
    await running.prints(/Cancelling/, 'stderr');
    running.signal('SIGINT');
    await running.prints(/Waiting for 'gated' \(running .*\) to stop/, 'stderr');
    await commandLine.write('go');
    expect((await running.finished).code).toBe(130);
  });

  it('ends a Python step in its tracks, undone and with no process left', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('waits.py', WAITING_PLUGIN);
    await commandLine.write('flow.yaml', 'plugins: { p: { python: waits.py } }\nsteps: [{ uses: p/wait }]\n');
    const running = commandLine.start(['run', 'flow.yaml', '--json']);
    await running.prints(/"step-progress"/);
    expect(await commandLine.files()).toContain('effect');
    running.signal('SIGINT');
    const { code } = await running.finished;
    expect(code).toBe(130);
    expect(await commandLine.files()).not.toContain('effect');
    expect(await commandLine.leftProcesses()).toEqual([]);
  });
});

describe('Ctrl-C while plugins are starting', () => {
  it('ends them, says that nothing was started and exits with 130', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('hangs.sh', 'sleep 60 &\ntouch is-started\ncat > /dev/null\n');
    await commandLine.write('flow.yaml', 'plugins: { p: { command: [sh, ./hangs.sh] } }\nsteps: [{ uses: p/x }]\n');
    const running = commandLine.start(['run', 'flow.yaml']);
    await commandLine.appears('is-started');
    running.signal('SIGINT');
    expect(await running.finished).toEqual({
      code: 130,
      stdout: '',
      stderr: 'Cancelled (Ctrl-C); nothing was started.\n',
    });
    expect(await commandLine.leftProcesses()).toEqual([]);
  });
});

describe('SIGTERM', () => {
  it('cancels and undoes as well, once', async () => {
    await using commandLine = await CommandLine.open();
    const running = commandLine.start(['run', gated, '--json']);
    await running.prints(/"step-progress"/);
    running.signal('SIGTERM');
    running.signal('SIGTERM');
    const { code, stdout } = await running.finished;
    expect(code).toBe(130);
    expect(reportOf(stdout)).toMatchObject({ status: 'rolled-back', error: { cause: { message: 'SIGTERM' } } });
  });
});

const WAITING_PLUGIN = `import os
import threading

from synapse_steps import BaseStep, StepResult


class WaitStep(BaseStep):
    name = "wait"
    progress_weight = 1

    def execute(self, context):
        context.save_undo({"path": "effect"})
        open("effect", "w").close()
        context.set_progress(1, 2)
        while not context.cancelled:
            threading.Event().wait(0.01)
        return StepResult(success=False, error="stopped")

    def rollback(self, context, result):
        os.remove(result.rollback_data["path"])
`;
