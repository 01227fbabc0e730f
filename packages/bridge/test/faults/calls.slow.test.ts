import { describe, expect, it } from 'vitest';
import { DEFAULT_SESSION_LIMITS } from '../../src/index.js';
import { openFixture, SERVED_FAULTS } from '../open-fixture.js';
import { RawHost, SDK_PLUGINS } from '../raw-host.js';
import { runSteps } from '../run-steps.js';

const reason = new Error('enough');

describe('cancel', () => {
  it('F-29: a plugin hears of each cancel once, and of none that comes after the answer', async () => {
    const { session } = await openFixture('faults/cancel-late.mjs');
    const call = async (step: string, stop: AbortController, onStart?: () => void) =>
      await session.call({ method: 'execute', step, params: { step }, signal: stop.signal }, onStart);
    const late = new AbortController();
    await call('quick', late);
    late.abort(reason);
    const twice = new AbortController();
    const slow = await call('slow', twice, () => {
      twice.abort(reason);
      twice.abort(reason);
    });
    const after = await call('quick', new AbortController());
    const [id] = (slow.data ?? {})['cancels'] as number[];
    expect(slow.data).toEqual({ cancels: [id] });
    expect(after.data?.['cancels']).toEqual([id]);
  });

  it.each(SDK_PLUGINS)(
    'F-29: the %s SDK answers exactly once, cancelled before it begins, twice, after the answer, or by an unknown id',
    async (_language, command) => {
      const host = new RawHost(command);
      const cancel = (id: number) => host.send({ method: 'cancel', params: { id, reason: 'stop', grace_ms: 5000 } });
      cancel(99);
      host.execute(1, 'wait');
      cancel(1);
      cancel(1);
      expect(await host.answer(1)).toMatchObject({ error: { code: 1003 } });
      cancel(1);
      host.execute(2, 'echo', { full: { there: 'still here' } });
      expect(await host.answer(2)).toMatchObject({ result: { success: true, data: { text: 'still here' } } });
      cancel(2);
      await host.end();
      expect(host.frames.map(({ id }) => id)).toEqual([1, 2]);
    },
  );

  it.each([
    ['F-32: a Python step that swallows every exception', 'faults/uncancellable.py', 'swallow'],
    ['F-32: a Python step in one long call of C', 'faults/uncancellable.py', 'long-call'],
    ['F-32: a Node step that blocks its event loop', SERVED_FAULTS, 'loop'],
  ])('%s is ended after its grace and 2 seconds', async (_title, file, step) => {
    const { session } = await openFixture(file);
    const stop = new AbortController();
    let stoppedAt = Infinity;
    const { error, report } = await runSteps(session, [step], {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type !== 'step-log' || event.message !== 'begun') return;
        stoppedAt = performance.now();
        stop.abort(reason);
      },
    });
    expect(performance.now() - stoppedAt).toBeLessThan(150 + 2000);
    expect(error).toMatchObject({ code: 'run_cancelled' });
    expect(report.steps[0]).toMatchObject({ status: 'unknown', error: { code: 'killed_after_cancel' } });
  });
});

describe('the usual limits', () => {
  it('F-32: a step that swallows every exception is ended after 5 and 2 seconds', { timeout: 60_000 }, async () => {
    const { cancelGraceMs, terminateMs, killMs } = DEFAULT_SESSION_LIMITS;
    const { session } = await openFixture('faults/uncancellable.py', {
      limits: { cancelGraceMs, terminateMs, killMs },
    });
    const stop = new AbortController();
    let stoppedAt = Infinity;
    const { report } = await runSteps(session, ['swallow'], {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type !== 'step-log' || event.message !== 'begun') return;
        stoppedAt = performance.now();
        stop.abort(reason);
      },
    });
    const took = performance.now() - stoppedAt;
    expect(report.steps[0]).toMatchObject({ status: 'unknown', error: { code: 'killed_after_cancel' } });
    expect(took).toBeGreaterThanOrEqual(cancelGraceMs);
    expect(took).toBeLessThan(cancelGraceMs + terminateMs + killMs);
  });
});

describe('versions', () => {
  it('F-41: what a newer plugin says beyond this version is passed over without a warning', async () => {
    const { session, log } = await openFixture('faults/from-the-future.mjs');
    const { report, events } = await runSteps(session, ['hello']);
    expect(report.status).toBe('succeeded');
    expect(events.some(({ type }) => type === 'step-progress')).toBe(true);
    expect(log).toEqual([]);
  });

  it.each(SDK_PLUGINS)(
    'F-41: so does the %s SDK with a newer host, and an unknown method is −32601',
    async (_language, command) => {
      const host = new RawHost(command);
      host.send({ method: 'weather', params: { sunny: true }, since: '1.7' });
      host.send({ id: 1, method: 'teleport', params: {} });
      host.send({ id: 2, method: 'describe', params: { since: '1.7' }, _acme: 1 });
      expect(await host.answer(1)).toMatchObject({ error: { code: -32601 } });
      expect(await host.answer(2)).toMatchObject({ result: { steps: expect.any(Array) as unknown[] } });
      await host.end();
    },
  );
});

describe('how a request arrives', () => {
  it.each(SDK_PLUGINS)(
    'F-15, F-16: the %s SDK reads the same from bytes that come one by one, and lives on behind what is no UTF-8',
    async (_language, command) => {
      const host = new RawHost(command);
      host.write(Buffer.from([0xff, 0xfe, 0x7b, 0x0a]));
      const text = 'naïve – 日本 – 😀';
      const call = {
        run_id: 'r',
        step: 'echo',
        params: {},
        step_params: {},
        context: { rev: 1, full: { there: text } },
      };
      const frame = { jsonrpc: '2.0', id: 1, method: 'execute', params: { ...call, attempt: 1, idempotency_key: 'k' } };
      for (const byte of Buffer.from(`${JSON.stringify(frame)}\r\n`)) {
        host.write(Buffer.from([byte]));
        await new Promise(setImmediate); // a write of its own each
      }
      expect(await host.answer(1)).toMatchObject({ result: { success: true, data: { text } } });
      await host.end();
    },
  );

  it.each(SDK_PLUGINS)(
    'F-15: the %s SDK takes 500 frames that come in one write, each once and in order, and answers behind them',
    async (_language, command) => {
      const host = new RawHost(command);
      const pings = Array.from({ length: 499 }, (_one, at) => ({ jsonrpc: '2.0', id: at + 1, method: 'ping' }));
      const lines = [...pings, RawHost.request(500, 'echo', { full: { there: 'behind them' } })];
      host.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      expect(await host.answer(500)).toMatchObject({ result: { success: true, data: { text: 'behind them' } } });
      await host.end();
      const answers = host.frames.filter(({ method }) => method === undefined);
      expect(answers.filter(({ error }) => error !== undefined)).toEqual([]);
      expect(answers.map(({ id }) => id).filter((id) => id !== 500)).toEqual(pings.map(({ id }) => id));
      expect(host.answers(500)).toHaveLength(1);
    },
  );

  it.each(SDK_PLUGINS)(
    'F-27: the %s SDK works, and ends with its stdin, although its parent is gone',
    async (_language, command) => {
      const host = new RawHost(['sh', '-c', ORPHAN, 'sh', ...command]);
      host.execute(1, 'echo', { full: { there: 'an orphan' } });
      expect(await host.answer(1)).toMatchObject({ result: { data: { text: 'an orphan' } } });
      host.execute(2, 'echo', { full: { there: 'and again' } });
      expect(await host.answer(2)).toMatchObject({ result: { data: { text: 'and again' } } });
      await host.end();
    },
  );
});

/** Starts a program from a shell that is gone at once; what stays only keeps the test's own child alive. */
const ORPHAN = 'exec 3<&0; ("$@" <&3 3<&- &); exec sleep 60 </dev/null 3<&- >&2';
