import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openFixture } from '../../test/open-fixture.js';
import { processesOfSession, until } from '../../test/processes.js';
import { runSteps } from '../../test/run-steps.js';
import { PluginError } from './plugin-error.js';

describe('a plugin that dies', () => {
  it.each([
    ['SIGKILL', { code: 'signalled', exit: { code: null, signal: 'SIGKILL' } }],
    ['SIGSEGV', { code: 'signalled', exit: { code: null, signal: 'SIGSEGV' } }],
    [3, { code: 'exited', exit: { code: 3, signal: null } }],
    [0, { code: 'exited', exit: { code: 0, signal: null } }],
  ])(
    'F-38: dead of %s in the middle of a step, it is undone in a fresh process from what it had saved',
    async (how, expected) => {
      const { session } = await openFixture('undo-then-die.mjs');
      const before = session.pid;
      const run = await runSteps(session, ['die'], { stepParams: { how } });
      expect(run.error?.cause).toMatchObject({
        ...expected,
        plugin: 'undo-then-die.mjs',
        step: 'die',
        outcomeUnknown: true,
        stderrTail: ['about to die'],
        message: expect.stringContaining("while it ran step 'die'") as string,
      });
      expect(run.report).toMatchObject({ status: 'rolled-back', steps: [{ status: 'unknown' }] });
      expect(run.context['sent']).toBe(true);
      expect(run.context['seenByUndo']).toMatchObject({ undo: { a: 1, b: 2 }, status: 'unknown' });
      expect((run.context['seenByUndo'] as { pid: number }).pid).not.toBe(before);
    },
  );

  it('killed from outside, its call fails within 20 ms of the exit', async () => {
    const { session } = await openFixture('echo.mjs');
    const delays: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { pid = 0 } = session.pid === undefined ? await session.describe().then(() => session) : session;
      let killedAt = 0;
      const run = await runSteps(session, ['wait'], {
        onEvent: (event) => {
          if (event.type === 'undo-saved') {
            killedAt = performance.now();
            process.kill(pid, 'SIGKILL');
          }
          if (event.type === 'step-end') delays.push(performance.now() - killedAt);
        },
      });
      expect(run.error?.cause).toMatchObject({
        code: 'signalled',
        message: expect.stringContaining('did not send that signal') as string,
      });
      expect(run.context['seenByUndo']).toMatchObject({ undo: { waiting: true } });
    }
    expect(delays.toSorted((one, other) => one - other)[1]).toBeLessThan(20);
  });

  it('F-9, F-22: a frame that was cut short is no answer', async () => {
    const { session } = await openFixture('misbehaving.mjs');
    const { error, report } = await runSteps(session, ['cut-frame']);
    expect(error?.cause).toMatchObject({ code: 'exited', exit: { code: 0 }, outcomeUnknown: true });
    expect(report.status).toBe('rolled-back');
  });

  it('F-24: what it leaves in its group is ended, and the call does not wait for it', async () => {
    const { session } = await openFixture('grandchild.sh');
    const start = performance.now();
    const { error } = await runSteps(session, ['in-group']);
    expect(error?.cause).toMatchObject({ code: 'exited', exit: { code: 5 } });
    expect(performance.now() - start).toBeLessThan(1000);
    await until(() => processesOfSession(session.id).length === 0, { what: 'the grandchild is gone' });
  });

  it('F-24: one that left the group and holds the pipes does not hold up the call', async () => {
    const { session } = await openFixture('grandchild.sh');
    const start = performance.now();
    const { error } = await runSteps(session, ['own-session']);
    expect(error?.cause).toMatchObject({ code: 'exited', exit: { code: 5 } });
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('F-10: a death while nobody waits is told in the log, and the next call starts it again', async () => {
    const { session, log } = await openFixture('echo.mjs');
    const { pid = 0 } = session;
    process.kill(pid, 'SIGKILL');
    await until(() => log.length > 0, { what: 'the death is told' });
    expect(log[0]?.message).toContain('was ended by the signal SIGKILL');
    expect((await runSteps(session, ['echo'])).report.status).toBe('succeeded');
    expect(session.pid).not.toBe(pid);
  });

  it('F-37: one that dies again and again is not started for ever', async () => {
    const { session } = await openFixture('undo-then-die.mjs', { limits: { maxRestarts: 2 } });
    const step = () => runSteps(session, ['die'], { stepParams: { how: 1 } });
    await step(); // one restart for the undo …
    await step(); // … which dies in the next run
    const third = await step(); // … and once more than a step may be
    expect(third.report.status).toBe('rolled-back');
    const fourth = await step();
    expect(fourth.report.rollback?.steps[0]).toMatchObject({
      outcome: 'failed',
      error: { code: 'restart_budget_exhausted' },
    });
  });

  it('F-11: a plugin that stops reading and exits fails the call that waits to be sent', async () => {
    const { session } = await openFixture('stops-reading.mjs');
    await runSteps(session, ['deaf']);
    const { error } = await runSteps(session, ['listens'], { fields: { text: 'x'.repeat(8_000_000) } });
    expect(error?.cause).toMatchObject({ code: 'exited', exit: { code: 4 } });
  });

  it('F-10: one that closes its stdin and lives on fails the next call, and nothing is thrown beside it', async () => {
    const { session } = await openFixture('stops-reading.mjs');
    await runSteps(session, ['closes-stdin']);
    const { error } = await runSteps(session, ['listens'], { fields: { text: 'x'.repeat(1_000_000) } });
    expect(error?.cause).toMatchObject({
      code: 'write_failed',
      message: expect.stringContaining('closed its stdin') as string,
    });
    expect((await runSteps(session, ['listens'])).report.status).toBe('succeeded');
  });

  it('F-10: calls made at the very moment of its death fail with a typed error or find it alive again', async () => {
    const { session } = await openFixture('echo.mjs', { limits: { maxRestarts: 100 } });
    for (let round = 0; round < 10; round += 1) {
      await session.describe();
      process.kill(session.pid ?? 0, 'SIGKILL');
      const { error } = await runSteps(session, ['echo'], { fields: { text: 'x'.repeat(200_000) } });
      expect(error === undefined || error.cause).toSatisfy((cause) => cause === true || PluginError.is(cause));
    }
  });

  it('closes its stdout and lives on: that is the end of it', async () => {
    const { session } = await openFixture('misbehaving.mjs');
    const { error } = await runSteps(session, ['closes-stdout']);
    expect(error?.cause).toMatchObject({
      code: 'protocol_violation',
      message: expect.stringContaining('closed its stdout') as string,
    });
  });
});

describe('sizes', () => {
  const limit = 1024 * 1024;

  it.each([64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, limit - 1, limit])(
    'F-14: an answer of %i bytes arrives whole',
    async (bytes) => {
      const { session } = await openFixture('sizes.mjs', { limits: { maxFrameBytes: limit } });
      const { report } = await runSteps(session, ['fill'], { stepParams: { bytes } });
      const text = (report.steps[0]?.data as { text: string } | undefined)?.text ?? '';
      expect(createHash('sha256').update(text).digest('hex')).toBe(
        createHash('sha256').update('x'.repeat(text.length)).digest('hex'),
      );
      expect(bytes - text.length).toBeLessThan(200);
    },
  );

  it('F-14: one byte more than allowed ends the plugin with a typed error', async () => {
    const { session } = await openFixture('sizes.mjs', { limits: { maxFrameBytes: limit } });
    const { error } = await runSteps(session, ['fill'], { stepParams: { bytes: limit + 1 } });
    expect(error?.cause).toMatchObject({ code: 'frame_too_large', outcomeUnknown: true });
  });

  it('F-14: a context of 8 MB travels, one that is too large is not sent', async () => {
    const { session } = await openFixture('sizes.mjs');
    const { report } = await runSteps(session, ['measure'], { fields: { text: 'x'.repeat(8_000_000) } });
    expect(report.steps[0]?.data).toEqual({ length: 8_000_000 });
    const { error } = await runSteps(session, ['measure'], { fields: { text: 'x'.repeat(8 * 1024 * 1024) } });
    expect(error?.cause).toMatchObject({ code: 'frame_too_large', outcomeUnknown: false });
    expect((await runSteps(session, ['measure'], { fields: { text: 'x' } })).report.status).toBe('succeeded');
  });

  it('F-13: a flood without a line feed ends the plugin, and memory stays flat', async () => {
    const { session } = await openFixture('misbehaving.mjs');
    const before = process.memoryUsage().rss;
    const { error } = await runSteps(session, ['floods-stdout']);
    expect(error?.cause).toMatchObject({ code: 'frame_too_large' });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });
});
