import { runEventSchema, runReportSchema, type RunEvent } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import { CommandLine, projects } from './command-line.js';

const mixed = `${projects}mixed/workflow.yaml`;
const gated = `${projects}gated/workflow.yaml`;

function eventsOf(stdout: string): RunEvent[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => runEventSchema.parse(JSON.parse(line)));
}

describe('run', () => {
  it('runs TypeScript and Python steps over one context', async () => {
    await using commandLine = await CommandLine.open();
    const { code, stdout, stderr } = await commandLine.run(['run', mixed, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = eventsOf(stdout);
    const ends = events.flatMap((event) => (event.type === 'step-end' ? [[event.step, event.data]] : []));
    expect(ends).toEqual([
      ['load', { rows: 4 }],
      ['fit', { epochs: 4 }],
      ['evaluate', { slope: 2.5 }],
      ['publish', { file: `${commandLine.folder}/published.json` }],
    ]);
    expect(await commandLine.files()).toEqual(['model.txt', 'published.json']);
    expect(await commandLine.leftProcesses()).toEqual([]);
  });

  it('undoes everything in both languages when the last step fails, and exits with 1', async () => {
    await using commandLine = await CommandLine.open();
    const { code, stdout } = await commandLine.run(['run', mixed, '--param', 'fail=true']);
    expect(code).toBe(1);
    expect(stdout).toContain("Step 'publish' failed: the registry said no");
    expect(stdout).toMatch(
      /Rollback, newest step first:\n {2}publish +undone\n {2}evaluate +nothing to undo\n {2}fit +undone\n {2}load +nothing to undo\n/,
    );
    expect(stdout).toMatch(/mixed failed after .*; everything was undone\n$/);
    expect(await commandLine.files()).toEqual([]);
    expect(await commandLine.leftProcesses()).toEqual([]);
  });

  it('shows the traceback of a Python step that raises', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('fails.py', RAISING_PLUGIN);
    await commandLine.write('flow.yaml', 'plugins: { p: { python: fails.py } }\nsteps: [{ uses: p/divide }]\n');
    const { code, stdout } = await commandLine.run(['run', 'flow.yaml']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Step 'divide' failed: .*division by zero/m);
    expect(stdout).toMatch(/fails\.py", line 9, in execute/);
  });

  it('shows ten thousand printed lines, and those of a child process, undisturbed', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('noisy.py', NOISY_PLUGIN);
    await commandLine.write('flow.yaml', 'plugins: { p: { python: noisy.py } }\nsteps: [{ uses: p/noisy }]\n');
    const { code, stdout } = await commandLine.run(['run', 'flow.yaml']);
    expect(code).toBe(0);
    expect(stdout.match(/noisy \| line \d+\n/g)).toHaveLength(10_000);
    expect(stdout).toContain('noisy | of the child\n');
    expect(stdout).toContain('noisy | logged');
  });

  it('undoes what a killed plugin had saved, and names plugin, step and signal', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('dies.py', DYING_PLUGIN);
    await commandLine.write('flow.yaml', 'plugins: { p: { python: dies.py } }\nsteps: [{ uses: p/die }]\n');
    const { code, stdout } = await commandLine.run(['run', 'flow.yaml']);
    expect(stdout).toMatch(/Step 'die' failed: Plugin 'p' was ended by the signal SIGKILL while it ran step 'die'/);
    expect(stdout).toContain('| the last words');
    expect(code).toBe(1);
    expect(await commandLine.files()).not.toContain('effect');
    expect(await commandLine.leftProcesses()).toEqual([]);
  });

  it('undoes the run when a step throws where nobody waits for it', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('flow.yaml', 'name: flow\nsteps: [{ uses: ./stray.mjs }]\n');
    await commandLine.write('stray.mjs', STRAY_STEP);
    const { code, stdout, stderr } = await commandLine.run(['run', 'flow.yaml']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^An error that no step was waiting for: Error: stray\n/);
    expect(stdout).toMatch(/stray: undone/);
    expect(stdout).toMatch(/\nAn error outside of any step's promise, while step 'stray' was running: stray\n/);
    expect(stdout).toMatch(/\nflow failed after .*; everything was undone\n$/);
    expect(stdout).not.toMatch(/cancelled/);
  });

  it('shows plain lines with percentages, plugin output, metrics and times when stdout is no terminal', async () => {
    await using commandLine = await CommandLine.open();
    const { stdout, stderr } = await commandLine.run(['run', mixed, '--run-id', 'night-7']);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^\[ {2}0 %\] mixed: 4 steps, run night-7\n/);
    expect(stdout).toContain('[ 20 %] fit | training starts\n[ 20 %] fit | red on stderr\n');
    expect(stdout).toContain('[ 40 %] fit: 2 of 4\n');
    expect(stdout).toContain('fit: loss 0.25\n');
    expect(stdout).toMatch(/\[ {2}0 %\] load: done in \d+ ms \(rows 4\)\n/);
    expect(stdout).toMatch(/\n {2}publish +done +\d+ ms\n\nmixed succeeded in .*\n$/);
    // eslint-disable-next-line no-control-regex -- there must be none
    expect(stdout).not.toMatch(/\u001b/);
  });

  it('says nothing with --quiet as long as all goes well', async () => {
    await using commandLine = await CommandLine.open();
    expect(await commandLine.run(['run', mixed, '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
    const failed = await commandLine.run(['run', mixed, '--quiet', '--param', 'fail=true']);
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toContain("Step 'publish' failed: the registry said no");
  });

  it('takes params from the file, then from --params, then from --param', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('night.yaml', 'epochs: 7\nfail: true\n');
    const args = ['run', mixed, '--json', '--params', 'night.yaml', '--param', 'fail=false'];
    const { stdout } = await commandLine.run(args);
    expect(eventsOf(stdout)[0]).toMatchObject({ type: 'run-start', params: { epochs: 7, fail: false } });
  });

  it.each([
    [
      'stubborn.yaml',
      /stubborn failed .*; NOT everything was undone, see above\n$/,
      /stubborn +cannot be undone\n +left behind: a mail that was sent\n/,
    ],
    [
      'optional.yaml',
      /optional succeeded .*, but an optional step that failed could not be undone\n$/,
      /left behind: a file\n/,
    ],
  ])('exits with 3 and names what was left behind: %s', async (file, verdict, left) => {
    await using commandLine = await CommandLine.open();
    const { code, stdout } = await commandLine.run(['run', `${projects}gated/${file}`]);
    expect(code).toBe(3);
    expect(stdout).toMatch(verdict);
    expect(stdout).toMatch(left);
  });
});

describe('run --json', () => {
  it('prints run events and nothing else to stdout, without gaps, and the report at the end', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('go');
    const { code, stdout, stderr } = await commandLine.run(['run', gated, '--json']);
    expect(code).toBe(0);
    const events = eventsOf(stdout);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const last = events.at(-1);
    expect(last?.type === 'run-end' && runReportSchema.parse(last.report)).toMatchObject({
      workflow: 'gated',
      status: 'succeeded',
      stepsExecuted: 2,
    });
    expect(stderr).toBe('printed by the step itself\n');
  });

  it('writes a placeholder for what JSON cannot express', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('go');
    const { stdout } = await commandLine.run(['run', gated, '--json']);
    const end = eventsOf(stdout).find((event) => event.type === 'step-end' && event.step === 'gated');
    expect(end).toMatchObject({ data: { at: { $notJson: 'a Map' }, ratio: { $notJson: 'NaN' }, fine: 1 } });
  });

  it('tells people on stderr why the run failed', async () => {
    await using commandLine = await CommandLine.open();
    const { code, stdout, stderr } = await commandLine.run(['run', mixed, '--json', '--param', 'fail=true']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "Step 'publish' failed: the registry said no\n" });
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: 'run-end', report: { status: 'rolled-back' } });
  });

  it('runs to its end when nobody reads any more', async () => {
    await using commandLine = await CommandLine.open();
    const running = commandLine.start(['run', gated, '--json']);
    await running.prints(/"step-progress"/);
    running.closeStdout();
    await commandLine.write('go');
    const { code, stderr } = await running.finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'printed by the step itself\n' });
    expect(await commandLine.leftProcesses()).toEqual([]);
  });
});

const RAISING_PLUGIN = `from synapse_steps import BaseStep, StepResult


class DivideStep(BaseStep):
    name = "divide"
    progress_weight = 1

    def execute(self, context):
        return StepResult(data={"result": 1 / 0})
`;

const NOISY_PLUGIN = `import logging
import subprocess
import sys

from synapse_steps import BaseStep, StepResult


class NoisyStep(BaseStep):
    name = "noisy"
    progress_weight = 1

    def execute(self, context):
        for number in range(10_000):
            print("line", number)
        subprocess.run([sys.executable, "-c", "print('of the child')"], check=True)
        logging.getLogger().warning("logged")
        return StepResult()
`;

const DYING_PLUGIN = `import os
import signal
import sys

from synapse_steps import BaseStep, StepResult


class DieStep(BaseStep):
    name = "die"
    progress_weight = 1

    def execute(self, context):
        context.save_undo({"path": "effect"})
        open("effect", "w").close()
        print("the last words", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

    def rollback(self, context, result):
        os.remove(result.rollback_data["path"])
`;

const STRAY_STEP = `import { defineStep, StepResult } from '@synapse-steps/core';

export default defineStep({
  name: 'stray',
  async execute(context) {
    setImmediate(() => {
      throw new Error('stray');
    });
    await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
    return StepResult.fail('stopped');
  },
  rollback() {},
});
`;
