import { chmod, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectError, fixturePath, openFixture } from '../../test/open-fixture.js';
import { runSteps } from '../../test/run-steps.js';
import { connectPlugin } from '../connect-plugin.js';

describe('a plugin in Python', () => {
  it('F-3, F-5: 10,000 printed lines, a child that prints, logging and warnings disturb nothing and are all shown', async () => {
    const { session, log } = await openFixture('prints-everywhere.py');
    expect(log.map((entry) => entry.message)).toContain('printed while importing');
    const { report, events, context } = await runSteps(session, ['print'], { stepParams: { lines: 10_000 } });
    expect(report).toMatchObject({ status: 'succeeded', steps: [{ data: { printed: 10_000 } }] });
    expect(context['lines']).toBe(10_000);
    const shown = events
      .filter((event) => event.type === 'step-log')
      .flatMap((event) => (event.message ?? event.event ?? '').split('\n'));
    const lines = shown.filter((line) => line.startsWith('line '));
    expect(lines).toEqual(Array.from({ length: 10_000 }, (_, index) => `line ${index}`));
    for (const text of ['on stderr', 'on file descriptor 1', 'from a child', 'and its stderr', 'logged', 'warned']) {
      expect(
        shown.some((line) => line.includes(text)),
        text,
      ).toBe(true);
    }
    expect(log.filter((entry) => entry.level === 'warning')).toEqual([]);
  });

  it('F-38: killed in the middle of a step: a typed error within 20 ms of the exit, and a fresh process undoes what was saved', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bridge-'));
    const { session } = await openFixture('train.py');
    const delays: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await session.describe();
      const { pid = 0 } = session;
      let killedAt = 0;
      const run = await runSteps(session, ['train'], {
        fields: { folder, model: {} },
        stepParams: { wait: true },
        onEvent: (event) => {
          if (event.type === 'step-log' && event.event === 'waiting') {
            killedAt = performance.now();
            process.kill(pid, 'SIGKILL');
          }
          if (event.type === 'step-end') delays.push(performance.now() - killedAt);
        },
      });
      expect(run.error?.cause).toMatchObject({ code: 'signalled', exit: { signal: 'SIGKILL' }, outcomeUnknown: true });
      expect(run.report.rollback).toMatchObject({ complete: true, steps: [{ name: 'train', outcome: 'undone' }] });
      expect(await readdir(folder)).toEqual([]);
    }
    expect(delays.toSorted((one, other) => one - other)[1]).toBeLessThan(20);
  });

  it('is cancelled in the middle of a step, undone, and lives on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bridge-'));
    const { session } = await openFixture('train.py', { limits: { cancelGraceMs: 3000 } });
    const { pid } = session;
    const stop = new AbortController();
    const run = await runSteps(session, ['train'], {
      fields: { folder, model: {} },
      stepParams: { wait: true },
      signal: stop.signal,
      onEvent: (event) => event.type === 'step-log' && event.event === 'waiting' && stop.abort(new Error('enough')),
    });
    expect(run.error).toMatchObject({ code: 'run_cancelled' });
    expect(await readdir(folder)).toEqual([]);
    expect(session.pid).toBe(pid);
  });

  it('raises while it is imported: the traceback is shown, plugin and file are named', async () => {
    const error = (await connectError('raises-on-import.py')) as Error;
    expect(error).toMatchObject({ name: 'PluginError', plugin: 'raises-on-import.py' });
    expect(error.message).toContain("'raises-on-import.py'");
    expect(error.message).toContain(`${fixturePath('raises-on-import.py')}", line 5, in load_weights`);
    expect(error.message).toContain('RuntimeError: the weights are missing');
  });

  it('a file that does not exist is named', async () => {
    await expect(connectPlugin({ python: 'no/such.py' }, { cwd: '/tmp' })).rejects.toMatchObject({
      code: 'spawn_failed',
      message: expect.stringContaining('There is no file /tmp/no/such.py') as string,
    });
  });
});

describe('the Python that runs a plugin', () => {
  it('missing, or too old, is told with all that was tried', async () => {
    const { folder, file } = await projectWith({ old: '3.8.1' });
    await expect(connectPlugin({ python: file, interpreter: join(folder, 'old') })).rejects.toMatchObject({
      code: 'spawn_failed',
      message: expect.stringMatching(
        /Python is missing or too old: version 3\.9 or newer is needed\. Tried: .*old \(version 3\.8\.1\)/,
      ) as string,
    });
    await expect(connectPlugin({ python: file, interpreter: 'no-such-python' })).rejects.toThrow(
      'no-such-python (not found)',
    );
  });

  it('is no program that prints without an end', async () => {
    const { folder, file } = await projectWith({});
    await writeFile(join(folder, 'floods'), '#!/bin/sh\nexec cat /dev/zero\n');
    await chmod(join(folder, 'floods'), 0o755);
    await expect(connectPlugin({ python: file, interpreter: join(folder, 'floods') })).rejects.toThrow(
      'floods (printed more than 65536 bytes instead of its version)',
    );
  });

  it('is the virtual environment beside the plugin, and no other when that one is too old', async () => {
    const { file } = await projectWith({ '.venv/bin/python': '3.7.0' });
    await expect(connectPlugin({ python: file })).rejects.toThrow(/\.venv\/bin\/python \(version 3\.7\.0\)\. Install/);
  });

  it('is the real program behind a shim', async () => {
    const { folder, file } = await projectWith({});
    await writeFile(join(folder, 'shim'), '#!/bin/sh\nexec python3 "$@"\n');
    await chmod(join(folder, 'shim'), 0o755);
    const session = await connectPlugin(
      { python: file, interpreter: join(folder, 'shim') },
      { onLog: () => undefined },
    );
    const { data } = await session.call({
      method: 'execute',
      step: 'which',
      params: {
        run_id: 'r',
        step: 'which',
        params: {},
        step_params: {},
        context: { rev: 1, full: {} },
        attempt: 1,
        idempotency_key: 'k',
      },
    });
    await session.close();
    expect(data).toMatchObject({ parent: process.pid, utf8: 1 });
  });
});

async function projectWith(pythons: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-'));
  const file = join(folder, 'plugin.py');
  await writeFile(
    file,
    'import os, sys\nfrom synapse_steps import BaseStep, StepResult\n\nclass Which(BaseStep):\n    name = "which"\n    progress_weight = 1\n\n    def execute(self, context):\n        return StepResult(data={"parent": os.getppid(), "utf8": sys.flags.utf8_mode})\n',
  );
  for (const [path, version] of Object.entries(pythons)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), `#!/bin/sh\necho ${version}\necho "$0"\n`);
    await chmod(join(folder, path), 0o755);
  }
  return { folder, file };
}
