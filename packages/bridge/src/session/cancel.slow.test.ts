import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openFixture } from '../../test/open-fixture.js';
import { runSteps } from '../../test/run-steps.js';
import { PluginError } from './plugin-error.js';

const reason = new Error('enough');

describe('cancelling a call', () => {
  it('a plugin that heeds it answers, stays alive and is undone', async () => {
    const { session } = await openFixture('echo.mjs');
    const { pid } = session;
    const stop = new AbortController();
    const run = await runSteps(session, ['wait'], {
      signal: stop.signal,
      onEvent: (event) => event.type === 'undo-saved' && stop.abort(reason),
    });
    expect(run.error).toMatchObject({ code: 'run_cancelled' });
    expect(run.context['seenByUndo']).toMatchObject({ undo: { waiting: true } });
    expect(session.pid).toBe(pid);
  });

  it('keeps the signal’s reason at the end of the chain of causes', async () => {
    const { session } = await openFixture('echo.mjs');
    const error = await callUntilAborted(session, 'wait');
    expect(error).toMatchObject({ code: 'cancelled', outcomeUnknown: false });
    expect(error.cause).toBe(reason);
  });

  it.each(['ignores-cancel', 'ignores-sigterm'])(
    'F-32: one that %s is ended after its grace, and nothing is left',
    async (step) => {
      const { session } = await openFixture('ignores-cancel.mjs');
      const start = performance.now();
      const error = await callUntilAborted(session, step);
      expect(error).toMatchObject({ code: 'killed_after_cancel', outcomeUnknown: true });
      expect(error.exit?.signal).toBe(step === 'ignores-sigterm' ? 'SIGKILL' : 'SIGTERM');
      expect(error.cause).toBe(reason);
      expect(performance.now() - start).toBeLessThan(2000);
    },
  );

  it('F-32: the run waits for the end of a plugin that ignores a cancel, and does not give it up before', async () => {
    const { session } = await openFixture('ignores-cancel.mjs');
    const stop = new AbortController();
    const { report, events } = await runSteps(session, ['ignores-sigterm'], {
      signal: stop.signal,
      graceMs: 1, // for steps of the host's own process; a plugin's is the session's to mind
      onEvent: (event) => event.type === 'step-start' && setImmediate(() => stop.abort(reason)),
    });
    expect(report.steps[0]).toMatchObject({ status: 'unknown', error: { code: 'killed_after_cancel' } });
    expect(JSON.stringify(events)).not.toContain('given up');
  });

  it('F-32: one that cannot be killed in time is left behind, and blocks nobody', async () => {
    const limits = { cancelGraceMs: 0, terminateMs: 0, killMs: 0 };
    const { session } = await openFixture('ignores-cancel.mjs', { limits });
    const error = await callUntilAborted(session, 'ignores-sigterm');
    expect(error).toMatchObject({ code: 'killed_after_cancel', outcomeUnknown: true });
    await session.close();
  });

  it('F-30: a call that takes too long is cancelled, then ended', async () => {
    const { session } = await openFixture('ignores-cancel.mjs');
    const call = session.call({
      method: 'execute',
      step: 'ignores-cancel',
      params: { step: 'ignores-cancel' },
      deadlineMs: 50,
    });
    await expect(call).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('took longer than 50 ms') as string,
    });
  });

  it('F-30: a plugin that heeds the cancel of a late call stays alive', async () => {
    const { session } = await openFixture('echo.mjs');
    const { pid } = session;
    const call = session.call({ method: 'execute', step: 'wait', params: { step: 'wait' }, deadlineMs: 50 });
    await expect(call).rejects.toMatchObject({ code: 'timeout', outcomeUnknown: false, cause: { code: 'cancelled' } });
    expect(session.pid).toBe(pid);
  });

  it('F-34: a host that was busy at the deadline does not blame the plugin', async () => {
    const { session } = await openFixture('echo.mjs');
    const call = session.call({ method: 'execute', step: 'tell', params: { step: 'tell' }, deadlineMs: 30 });
    await new Promise((resolve) => setImmediate(resolve));
    const end = performance.now() + 120;
    while (performance.now() < end); // the answer comes, and the deadline passes, while the loop is blocked
    await expect(call).resolves.toMatchObject({ success: true });
  });

  it('F-29: a call that is cancelled before its turn is never sent; one that was aborted before is neither', async () => {
    const { session } = await openFixture('echo.mjs');
    const stopFirst = new AbortController();
    const stopSecond = new AbortController();
    const first = session.call({ method: 'execute', step: 'wait', params: { step: 'wait' }, signal: stopFirst.signal });
    const second = session.call({
      method: 'execute',
      step: 'tell',
      params: { step: 'tell' },
      signal: stopSecond.signal,
    });
    const third = session.call({ method: 'execute', step: 'tell', params: { step: 'tell' } });
    stopSecond.abort(reason);
    await expect(second).rejects.toBe(reason);
    stopFirst.abort(reason);
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    await expect(third).resolves.toMatchObject({ success: true });
    await expect(
      session.call({ method: 'execute', step: 'tell', params: { step: 'tell' }, signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });

  it('an undo is never asked to cancel; when its time is over, its process is ended', async () => {
    const { session } = await openFixture('ignores-cancel.mjs');
    const stop = new AbortController();
    const call = session.call({ method: 'rollback', step: 'ignores-cancel', params: {}, signal: stop.signal });
    setImmediate(() => stop.abort(reason));
    await expect(call).rejects.toMatchObject({
      code: 'killed_after_cancel',
      message: expect.stringContaining("while it undid step 'ignores-cancel'") as string,
    });
  });

  it('leaves no listener on the signal', async () => {
    const { session } = await openFixture('echo.mjs');
    const stop = new AbortController();
    await session.call({ method: 'execute', step: 'tell', params: { step: 'tell' }, signal: stop.signal });
    await expect.poll(() => getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  });
});

describe('a plugin that falls silent', () => {
  const limits = { pingAfterMs: 40, hangTimeoutMs: 250 };

  it.each([
    ['waits', 'it was waiting'],
    ['computes', 'it was computing'],
  ])('one that %s and answers no ping counts as hung', async (step, activity) => {
    const { session } = await openFixture('silent.mjs', { limits });
    await expect(session.call({ method: 'execute', step, params: { step } })).rejects.toMatchObject({
      code: 'hung',
      message: expect.stringContaining(activity) as string,
      outcomeUnknown: true,
    });
  });

  it('one that answers pings may take its time', async () => {
    const { session } = await openFixture('echo.mjs', { limits });
    const call = session.call({ method: 'execute', step: 'wait', params: { step: 'wait' }, deadlineMs: 600 });
    await expect(call).rejects.toMatchObject({ code: 'timeout' });
  });

  it('one that knows no ping may be silent, unless its step asks for a limit', async () => {
    const { session } = await openFixture('ignores-cancel.mjs', { limits });
    const request = { method: 'execute', step: 'ignores-cancel', params: { step: 'ignores-cancel' } } as const;
    await expect(session.call({ ...request, deadlineMs: 500 })).rejects.toMatchObject({ code: 'timeout' });
    await expect(session.call({ ...request, hangTimeoutMs: 100 })).rejects.toMatchObject({ code: 'hung' });
  });
});

async function callUntilAborted(
  session: Awaited<ReturnType<typeof openFixture>>['session'],
  step: string,
): Promise<PluginError> {
  const stop = new AbortController();
  const call = session.call({ method: 'execute', step, params: { step }, signal: stop.signal }, () =>
    setImmediate(() => stop.abort(reason)),
  );
  return await call.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: unknown) => {
      if (PluginError.is(error)) return error;
      throw error;
    },
  );
}
