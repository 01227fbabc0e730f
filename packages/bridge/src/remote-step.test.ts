import { recordRun } from '@synapse-steps/core/testing';
import { describe, expect, it } from 'vitest';
import { openFixture } from '../test/open-fixture.js';
import { openScript } from '../test/open-script.js';
import { OpenContext, runSteps } from '../test/run-steps.js';

describe('RemoteStep', () => {
  it('sends the context as a snapshot and applies the patch that comes back', async () => {
    const { session } = await openFixture('echo.mjs');
    const fields = {
      rows: [1, 2],
      changes: [
        { op: 'add', path: '/model', value: { path: 'm.json' } },
        { op: 'remove', path: '/rows/0' },
      ],
    };
    const run = await runSteps(session, ['echo'], { fields, params: { epochs: 3 }, stepParams: { rate: 0.1 } });
    expect(run.report).toMatchObject({ status: 'succeeded' });
    expect(run.report.steps[0]?.data).toMatchObject({
      step: 'echo',
      params: { epochs: 3 },
      step_params: { rate: 0.1 },
      attempt: 1,
      deadline_ms: null,
      idempotency_key: `${run.report.runId}/echo/1/execute`,
      context: { rev: 2, full: fields },
    });
    expect(run.context.toJSON()).toMatchObject({ rows: [2], model: { path: 'm.json' } });
    const kinds = run.events.map((event) => event.type);
    expect(kinds.indexOf('context-change')).toBeLessThan(kinds.indexOf('step-end'));
  });

  it('works with the shortest plugin, of bash and jq', async () => {
    const { session } = await openFixture('minimal.sh');
    const run = await runSteps(session, ['double'], { fields: { value: 21 } });
    expect(run.context['doubled']).toBe(42);
  });

  it('asks the plugin whether to skip', async () => {
    const { session } = await openFixture('echo.mjs');
    const run = await runSteps(session, ['echo'], { fields: { skip: true } });
    expect(run.report.steps[0]).toMatchObject({ status: 'skipped' });
    expect(run.events.find((event) => event.type === 'step-skip')).toMatchObject({ reason: 'asked to' });
  });

  it('forwards progress, metrics and logs', async () => {
    const { session } = await openFixture('echo.mjs');
    const { events } = await runSteps(session, ['tell']);
    const told = events.filter((event) => ['step-progress', 'step-metric', 'step-log'].includes(event.type));
    expect(told).toMatchObject([
      { type: 'step-progress', current: 1, total: 4, category: 'tell', message: 'a quarter' },
      { type: 'step-progress', current: 2, total: 4, category: 'files' },
      { type: 'step-metric', category: 'tell', metrics: { loss: 0.5 } },
      { type: 'step-log', level: 'warning', event: 'slow', data: { seconds: 3 } },
      { type: 'step-log', level: 'info', message: 'hello' },
    ]);
  });

  it('keeps data and undo data of a failed step, shows its traceback, and undoes it with the fold', async () => {
    const { session } = await openFixture('echo.mjs');
    const run = await runSteps(session, ['echo', 'raise']);
    expect(run.error?.message).toBe("Step 'raise' failed: it broke");
    expect(run.error?.cause).toMatchObject({
      name: 'ValueError',
      stack: expect.stringContaining('File "x.py", line 1') as string,
    });
    expect(run.report.steps[1]).toMatchObject({ status: 'failed', data: { half: true } });
    expect(run.report).toMatchObject({ status: 'rolled-back', rollback: { complete: true } });
    const undone = run.events.filter((event) => event.type === 'context-change').map((event) => event.patch[0]);
    expect(undone.map((operation) => operation && 'value' in operation && operation.value)).toMatchObject([
      {
        undo: { late: 1 },
        result: { status: 'failed', data: { half: true }, error: 'it broke' },
        cause: { message: 'it broke' },
        undo_attempt: 1,
        attempt: 1,
      },
      { undo: { pid: expect.any(Number) as number }, result: { status: 'completed' } },
    ]);
  });

  it('a failure without an exception has no cause of its own', async () => {
    const { session } = await openFixture('echo.mjs');
    const { error, report } = await runSteps(session, ['fail']);
    expect(error?.message).toBe("Step 'fail' failed: not today");
    expect(report.status).toBe('failed');
  });

  it('a step may skip itself', async () => {
    const { session } = await openFixture('echo.mjs');
    const { report } = await runSteps(session, ['self-skip']);
    expect(report.steps[0]).toMatchObject({ status: 'skipped' });
  });

  it('reports what an undo left behind', async () => {
    const { session } = await openFixture('echo.mjs');
    const { report } = await runSteps(session, ['raise'], {
      stepParams: { outcome: 'irreversible', left_behind: ['one e-mail'] },
    });
    expect(report).toMatchObject({
      status: 'rollback-incomplete',
      rollback: { steps: [{ outcome: 'irreversible', leftBehind: ['one e-mail'] }] },
    });
  });

  it('an error answer becomes a typed error with its chain of causes', async () => {
    const { session } = await openFixture('echo.mjs');
    const { error } = await runSteps(session, ['wire-error']);
    expect(error?.cause).toMatchObject({
      name: 'PluginError',
      code: 'unavailable',
      plugin: 'echo.mjs',
      step: 'wire-error',
      outcomeUnknown: false,
      message: expect.stringContaining('the disk is away. Mount it.') as string,
      details: { wireCode: 1006, retryAfterMs: 250, retryable: 'after_ms' },
      cause: { name: 'IOError', stack: 'line 1\nline 2', cause: { name: 'DiskError' } },
    });
  });

  it('a context field that is no JSON is named, and the step is not begun', async () => {
    const { session } = await openFixture('echo.mjs');
    const step = session.step('echo');
    const { error } = await runSteps(session, ['echo'], { fields: { big: Number.NaN } });
    expect(step.name).toBe('echo');
    expect(error?.cause).toMatchObject({ code: 'unserialisable_value', outcomeUnknown: false });
  });

  it.each(['can_skip', 'rollback'])('tells the last progress also of a %s that ends with an error', async (method) => {
    const { session } = await openScript(`
      const fail = ({ id }) => {
        for (let seq = 1; seq <= 500; seq += 1) notify('progress', { id, seq, current: seq, total: 500 });
        write({ id, error: { code: 1000, message: 'no', data: { kind: 'step_failed' } } });
      };
      const handlers = { execute: ({ id }) => result(id, { success: false, error: 'no' }), ${method}: fail };
      plugin([{ name: 'work', rollback: true, can_skip: '${method}' === 'can_skip' }], handlers);`);
    const { events } = await recordRun([session.step('work')], new OpenContext(), { undo: { tries: 1 } });
    const last = events.findLast(({ type }) => type === 'step-progress');
    expect(last).toMatchObject({ current: 500 });
    expect(events.at(-1)?.type).toBe('run-end');
    expect(events.findIndex(({ type }) => type === (method === 'rollback' ? 'undo-end' : 'step-end'))).toBeGreaterThan(
      events.indexOf(last as (typeof events)[number]),
    );
  });
});
