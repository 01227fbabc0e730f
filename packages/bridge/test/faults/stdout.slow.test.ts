import { describe, expect, it } from 'vitest';
import type { RunEvent } from '@synapse-steps/core';
import { connectError, errorOf, openFixture, openPythonProgram, SERVED_FAULTS } from '../open-fixture.js';
import { until } from '../processes.js';
import { runSteps } from '../run-steps.js';

describe('what is printed before the handshake', () => {
  it('F-1, F-2: a banner without a line end is logged, and the frame glued behind it is taken', async () => {
    const { session, log } = await openFixture('faults/glued-banner.mjs');
    expect(log.find(({ source }) => source === 'stdout')?.message).toBe('fixture 1.0, loading 100 %');
    expect((await runSteps(session, ['hello'])).report.status).toBe('succeeded');
  });

  it('F-1, F-2: the Node SDK speaks although its program has printed before, without a line end', async () => {
    const { session, log } = await openFixture(SERVED_FAULTS);
    expect(session.info.plugin).toMatchObject({ language: 'node' });
    const printed = log.filter(({ source }) => source === 'stdout').map(({ message }) => message);
    expect(printed).toEqual(['a banner before the plugin is served', 'and one without a line end']);
  });

  it('F-1, F-2, F-42: a Python program may print before it serves, and after, whatever closes its stdout', async () => {
    const { session, log } = await openPythonProgram('faults/banner.py');
    expect((await runSteps(session, ['hello'])).report.steps[0]?.data).toEqual({ hello: 'you' });
    await session.close();
    const printed = log.map(({ message }) => message);
    expect(printed).toEqual(
      expect.arrayContaining([
        'a banner of C code',
        'loading ',
        'still printing',
        'and through a wrapper',
        'and after it',
      ]),
    );
    expect(printed.join('\n')).not.toContain('Traceback');
  });
});

describe('what is written to descriptor 1 behind the back of a step', () => {
  it('F-3: a child that inherits the stdout of a raw plugin makes stray lines, and the answer behind them is taken', async () => {
    const { session } = await openFixture('faults/child-prints.mjs');
    const { report, events } = await runSteps(session, ['child']);
    expect(report.steps[0]?.data).toEqual({ done: true });
    expect(linesOf(events, 'stdout')).toEqual(['from the child', 'no line end']);
  });

  it('F-3: a child that inherits the stdout of a step of the Node SDK does the same', async () => {
    const { session } = await openFixture(SERVED_FAULTS);
    const { report, events } = await runSteps(session, ['child']);
    expect(report.status).toBe('succeeded');
    expect(linesOf(events, 'stdout')).toEqual(['from the child']);
  });

  it('F-4: a megabyte written by C code that holds the interpreter’s lock does not block it, and is shown', async () => {
    const { session } = await openFixture('faults/writes-in-c.py');
    const { report, events } = await runSteps(session, ['write'], { stepParams: { bytes: 1_000_000 } });
    expect(report.steps[0]?.data).toEqual({ written: true });
    const shown = linesOf(events, 'stderr');
    expect(shown).toHaveLength(10_000);
    expect(new Set(shown)).toEqual(new Set(['x'.repeat(99)]));
  });

  it('F-5: a child of a raw plugin that keeps the wire to itself reads nothing and ends', async () => {
    const { session } = await openFixture('faults/children-read.sh');
    const { report, events } = await runSteps(session, ['read']);
    expect(report.status).toBe('succeeded');
    expect(linesOf(events, 'stderr')).toEqual(['the child read 0 bytes']);
  });

  it('F-5: a child of a Python step that reads its inherited stdin finds its end, and so does the step', async () => {
    const { session } = await openFixture('faults/children-read.py');
    const { report } = await runSteps(session, ['read']);
    expect(report.steps[0]?.data).toEqual({ read: 0, asked: null });
  });
});

describe('how an answer is written', () => {
  it('F-15: one byte at a time, also within a character, it is the same answer', async () => {
    const { session } = await openFixture('faults/drips.mjs');
    const { report } = await runSteps(session, ['bytes']);
    expect(report.steps[0]?.data).toEqual({ text: 'naïve – 日本 – 😀' });
  });

  it('F-15: 500 frames before it in one write are all taken, in order', async () => {
    const { session } = await openFixture('faults/drips.mjs');
    const { report, events } = await runSteps(session, ['burst']);
    expect(report.steps[0]?.data).toEqual({ text: 'all' });
    const messages = events.flatMap((event) => (event.type === 'step-log' ? [event.message] : []));
    expect(messages).toEqual(Array.from({ length: 500 }, (_, index) => `line ${index}`));
  });

  it('F-22: a program that exits in the same breath is either heard whole or known to have been cut short', async () => {
    const { session } = await openFixture('faults/exits-after-write.mjs');
    const { report, error } = await runSteps(session, ['large']);
    if (error === undefined) expect(report.steps[0]?.data).toEqual({ text: 'x'.repeat(1_000_000) });
    else expect(error.cause).toMatchObject({ code: 'exited', exit: { code: 0 }, outcomeUnknown: true });
  });

  it.each(['large', 'cut', 'whole'])(
    'F-22: what came of it (%s) is never half an answer, and the next call works',
    async (step) => {
      const { session } = await openFixture('faults/exits-after-write.mjs');
      const { report, error } = await runSteps(session, [step]);
      const text = (report.steps[0]?.data as { text?: string } | undefined)?.text;
      if (step === 'whole') expect(text?.length).toBe(1_000_000);
      else expect([undefined, 1_000_000]).toContain(text?.length);
      if (step === 'cut')
        expect(error?.cause).toMatchObject({ code: 'exited', exit: { code: 0 }, outcomeUnknown: true });
      if (error === undefined) await until(() => session.pid === undefined, { what: 'its end is noticed' });
      expect((await runSteps(session, ['whole'])).report.status).toBe('succeeded');
    },
  );

  it('F-23: a plugin that never flushes does not answer the handshake, and leaves nothing', async () => {
    const error = await errorOf(openPythonProgram('faults/never-flushes.py', { limits: { handshakeMs: 300 } }));
    expect(error).toMatchObject({ code: 'handshake_timeout' });
  });

  it.each(['faults/unflushed.py', SERVED_FAULTS])(
    'F-23: the last words without a line end of a step that ends its process are shown (%#)',
    async (file) => {
      const { session } = await openFixture(file);
      const { error } = await runSteps(session, [file === SERVED_FAULTS ? 'exit' : 'die']);
      expect(error?.cause).toMatchObject({ code: 'exited', exit: { code: 3 }, stderrTail: ['the last words'] });
    },
  );
});

describe('what surrounds a plugin', () => {
  it.each([
    ['cp1252', 'C'],
    ['cp932', 'ja_JP.SJIS'],
  ])('F-19: a console of %s does not change what a Python plugin writes and prints', async (encoding, locale) => {
    const { session, log } = await openFixture('faults/values.py', {
      env: { LC_ALL: locale, LANG: locale, PYTHONIOENCODING: encoding, PYTHONUTF8: '0' },
    });
    const text = 'naïve – 日本 – 😀';
    const { report, context } = await runSteps(session, ['echo'], { fields: { there: text } });
    expect(report.steps[0]?.data).toEqual({ text });
    expect(context['back']).toBe(text);
    expect(log).toEqual([]);
  });

  it('F-36: a plugin that opens its stdin by name fails with the system’s own words', async () => {
    const error = await connectError('faults/opens-dev-stdin.sh');
    expect(error).toMatchObject({ code: 'exited' });
    expect((error as Error).message).toMatch(/\/dev\/stdin.*No such device or address/);
  });

  it('F-36: and so does one that opens its stderr by name', async () => {
    const error = await connectError('faults/opens-dev-stderr.sh');
    expect(error).toMatchObject({ code: 'exited', exit: { code: 1 } });
    expect((error as Error).message).toMatch(/about to complain[^]*\/dev\/stderr.*No such device or address/);
  });
});

/** The lines that were shown; of many at once several are one entry. */
function linesOf(events: readonly RunEvent[], source: string): string[] {
  return events.flatMap((event) =>
    event.type === 'step-log' && event.source === source ? (event.message ?? '').split('\n') : [],
  );
}
