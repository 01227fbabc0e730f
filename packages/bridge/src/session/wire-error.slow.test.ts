import { describe, expect, it } from 'vitest';
import { errorOf, openFixture } from '../../test/open-fixture.js';
import { toPluginError } from './wire-error.js';

const subject = { plugin: 'trainer', step: 'train' };

describe('what people read when a plugin answers with an error', () => {
  it.each([
    ['cancelled', "Step 'train' of plugin 'trainer' was cancelled."],
    ['cancelled: Ctrl-C', "Step 'train' of plugin 'trainer' was cancelled: Ctrl-C"],
    ['Ctrl-C', "Step 'train' of plugin 'trainer' was cancelled: Ctrl-C"],
  ])('a cancel is no error: %s', (message, text) => {
    const error = { code: 1003, message, data: { kind: 'cancelled', cause: [] } };
    expect(toPluginError(error, subject)).toMatchObject({ code: 'cancelled', message: text });
  });

  it('a value that is no JSON does not name its step, which whoever shows it has named', () => {
    const message = '/data/loss: nan is not JSON; use None or a text (returned by execute(), train.py:9)';
    const error = toPluginError({ code: 1010, message, data: { kind: 'unserialisable_value', cause: [] } }, subject);
    expect(error).toMatchObject({
      step: 'train',
      message: `Plugin 'trainer' has a value that cannot be sent: ${message}`,
    });
  });

  it('a step in Python says why it was stopped, without a traceback', async () => {
    const { session } = await openFixture('faults/waits.py');
    const stop = new AbortController();
    const said = { run_id: 'r', step: 'wait', params: {}, step_params: {}, context: { rev: 1, full: {} } };
    const params = { ...said, attempt: 1, idempotency_key: 'r/wait/1', deadline_ms: null };
    const request = { method: 'execute', step: 'wait', params } as const;
    const cancelled = session.call({ ...request, signal: stop.signal }, () => setImmediate(() => stop.abort('Ctrl-C')));
    await expect(cancelled).rejects.toMatchObject({
      code: 'cancelled',
      message: "Step 'wait' of plugin 'faults/waits.py' was cancelled: Ctrl-C",
      cause: 'Ctrl-C',
    });
    const late = await errorOf(session.call({ ...request, deadlineMs: 1000 }));
    expect(late).toMatchObject({
      code: 'timeout',
      message: "Step 'wait' of plugin 'faults/waits.py' was stopped because its time of 1 s was over.",
      cause: { code: 'cancelled' },
    });
    expect((late as Error).cause).not.toHaveProperty('cause');
  });
});
