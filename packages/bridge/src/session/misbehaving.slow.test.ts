import { describe, expect, it } from 'vitest';
import { openFixture } from '../../test/open-fixture.js';
import { openScript } from '../../test/open-script.js';
import { runSteps } from '../../test/run-steps.js';

describe('F-31: a breach that harms nobody is told once and changes nothing', () => {
  it.each([
    ['answers-twice', 'for the request 3, which was over'],
    ['unknown-id', 'answered the request 4711, which was never made'],
    ['text-id', 'JSON of another shape'],
    ['result-and-error', 'JSON of another shape'],
    ['sends-requests', 'sent a request'],
    ['seq-goes-back', 'seq'],
    ['malformed-progress', "sent a 'progress' notification in a wrong shape"],
  ])('%s', async (step, warning) => {
    const { session, log } = await openFixture('misbehaving.mjs');
    expect((await runSteps(session, [step])).report.status).toBe('succeeded');
    await runSteps(session, [step]);
    const warnings = log.filter((entry) => entry.level === 'warning');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain(warning);
  });
});

describe('a breach that cannot be lived with fails the call', () => {
  it.each([
    ['malformed-undo', { code: 'protocol_violation' }],
    ['wrong-shape', { code: 'protocol_violation' }],
    ['forbidden-patch', { code: 'protocol_violation' }],
    ['impossible-progress', { code: 'invalid_progress' }],
    ['impossible-patch', { code: 'invalid_patch' }],
    ['claims-death', { code: 'step_failed' }],
  ])('%s', async (step, cause) => {
    const { session } = await openFixture('misbehaving.mjs');
    const { error, report } = await runSteps(session, [step]);
    const told = error?.cause as { code: string; cause?: { code: string } };
    expect([told.code, told.cause?.code]).toContain(cause.code);
    expect(report.status).toBe('rolled-back');
  });

  it.each([
    ['in a wrong shape', `notify('undo', { id, seq: 1, data: [1] })`],
    [
      'in a line that is no JSON',
      `process.stdout.write('{"jsonrpc":"2.0","method":"undo","params":{"id":' + id + ',"seq":1,"data":{"x":NaN}}}\\n')`,
    ],
  ])('undo data %s during an undo do not cut that in half: it is let finish, and fails then', async (_how, sends) => {
    const { session } = await openScript(
      `let undoing;
       plugin([{ name: 'work', rollback: true }], {
         execute: ({ id }) => result(id, { success: false, error: 'not today' }),
         rollback: ({ id }) => { undoing = id; ${sends}; },
       });
       onNotification('undo_saved', ({ seq }) => { console.error('went on'); result(undoing, { outcome: 'undone' }); });`,
    );
    const { pid } = session;
    const { report, events } = await runSteps(session, ['work']);
    expect(report.rollback?.steps[0]).toMatchObject({
      outcome: 'failed',
      error: { code: 'protocol_violation', message: expect.stringContaining('It was let finish.') as string },
    });
    expect(events.some((event) => event.type === 'step-log' && event.message === 'went on')).toBe(true);
    expect(session.pid).toBe(pid);
  });

  it('a patch that cannot be applied does not lose the undo data that came with it', async () => {
    const { session } = await openFixture('misbehaving.mjs');
    const { events } = await runSteps(session, ['impossible-patch']);
    expect(events.find((event) => event.type === 'step-end')).toMatchObject({
      status: 'failed',
      rollbackData: { kept: 1 },
    });
  });
});

describe('what a plugin prints', () => {
  it('F-2, F-16: is attributed to the call, from both pipes, and glued frames are taken', async () => {
    const { session } = await openFixture('noisy.mjs');
    const { events, report } = await runSteps(session, ['noisy']);
    expect(report.steps[0]).toMatchObject({ status: 'completed', data: { done: true } });
    const lines = events.filter((event) => event.type === 'step-log').map(({ message, source }) => [source, message]);
    expect(lines).toHaveLength(5);
    expect(lines).toEqual(
      expect.arrayContaining([
        [undefined, 'glued'],
        ['stderr', 'a line on stderr'],
        ['stdout', '10 %'],
        ['stdout', '50 %'],
        ['stdout', '\ufffd\ufffd'],
      ]),
    );
  });

  it('F-12: 5 MB on stderr are shown in order and disturb nobody', async () => {
    const { session } = await openFixture('noisy.mjs');
    const count = 100_000;
    const { events } = await runSteps(session, ['lines'], { stepParams: { count } });
    const lines = events.flatMap((event) => (event.type === 'step-log' ? (event.message ?? '').split('\n') : []));
    expect(lines).toHaveLength(count);
    expect(lines.every((line, index) => line.startsWith(`line ${index} `))).toBe(true);
  });
});

describe('closing a session', () => {
  it('ends the plugin, fails later calls, and may be done twice', async () => {
    const { session } = await openFixture('echo.mjs');
    await Promise.all([session.close(), session.close()]);
    expect(session.pid).toBeUndefined();
    await expect(session.describe()).rejects.toMatchObject({ code: 'session_closed' });
  });

  it('fails the call that is under way, and those that wait', async () => {
    const { session } = await openFixture('echo.mjs');
    const running = session.call({ method: 'execute', step: 'wait', params: { step: 'wait' } });
    const waiting = session.call({ method: 'execute', step: 'tell', params: { step: 'tell' } });
    const settled = Promise.allSettled([running, waiting]);
    await new Promise((resolve) => setImmediate(resolve));
    await session.close();
    expect(
      (await settled).map((result) => result.status === 'rejected' && (result.reason as { code: string }).code),
    ).toEqual(['session_closed', 'session_closed']);
  });

  it('leaves descriptors and listeners as they were', async () => {
    const before = handles();
    for (let round = 0; round < 3; round += 1) {
      const { session } = await openFixture('echo.mjs');
      await runSteps(session, ['echo']);
      await session.close();
    }
    expect(handles()).toEqual({ ...before, pipes: expect.any(Number) as number });
    // a handle is closed a turn of the event loop later; those of an earlier test may have been closed meanwhile
    await expect.poll(() => handles().pipes).toBeLessThanOrEqual(before.pipes);
  });
});

function handles() {
  const pipes = process.getActiveResourcesInfo().filter((name) => name === 'PipeWrap' || name === 'ProcessWrap');
  return { pipes: pipes.length, exit: process.listenerCount('exit'), int: process.listenerCount('SIGINT') };
}
