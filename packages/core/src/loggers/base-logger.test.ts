import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../events/run-event.js';
import { ManualClock } from '../testing/manual-clock.js';
import { CollectingLogger } from './collecting-logger.js';

const run = { runId: 'run', seq: 1, time: '2026-01-01T00:00:00.000Z' };

describe('which step a line belongs to', () => {
  it('is the one that is named, else the own step of the logger, else none', () => {
    const logger = new CollectingLogger();
    logger.info('a');
    logger.setStep('own', 3);
    logger.info('b');
    logger.log('c', {}, { step: 'named' });
    logger.setStep(undefined, 7);
    logger.info('d');
    expect(logger.entries.map(({ step }) => step)).toEqual([undefined, 'own', 'named', undefined]);
    expect(logger.stepOrder).toBeUndefined();
  });

  it.each([
    ['log', (logger: CollectingLogger) => logger.log('e', {}, { step: '' })],
    ['setStep', (logger: CollectingLogger) => logger.setStep('')],
    ['setProgress', (logger: CollectingLogger) => logger.setProgress(1, 2, '')],
    ['setProgressFailed', (logger: CollectingLogger) => logger.setProgressFailed('')],
    ['setMetrics', (logger: CollectingLogger) => logger.setMetrics({}, '')],
  ])('%s refuses an empty name', (_method, write) => {
    expect(() => write(new CollectingLogger())).toThrow(expect.objectContaining({ code: 'empty_step_name' }));
  });

  it('metrics without any step are refused', () => {
    expect(() => new CollectingLogger().setMetrics({ loss: 1 })).toThrow(
      expect.objectContaining({ code: 'no_step_named' }),
    );
  });
});

describe('progress', () => {
  it('has its percent with two decimals and a time of its own for each category', () => {
    const clock = new ManualClock();
    const logger = new CollectingLogger({ clock });
    logger.setProgress(0, 3, 'a');
    clock.advance(2000);
    logger.setProgress(1, 3, 'a');
    logger.setProgress(0, 2, 'b');
    clock.advance(500);
    logger.setProgress(1, 2, 'b');
    expect(logger.getProgress('a')).toMatchObject({ percent: 33.33, elapsedTime: 2, timeRemaining: 4 });
    expect(logger.getProgress('b')).toMatchObject({ percent: 50, elapsedTime: 0.5, timeRemaining: 0.5 });
  });

  it('foretells nothing from a first report above 0, then goes by what was measured since', () => {
    const clock = new ManualClock();
    const logger = new CollectingLogger({ clock });
    logger.setProgress(5, 10, 's');
    expect(logger.getProgress('s')?.timeRemaining).toBeNull();
    clock.advance(10_000);
    logger.setProgress(6, 10, 's');
    expect(logger.getProgress('s')?.timeRemaining).toBe(40);
  });

  it('counts from the start of the step when the logger reads a run', () => {
    const clock = new ManualClock();
    const logger = new CollectingLogger({ clock });
    logger.readEvent({ type: 'step-start', ...run, step: 's' });
    clock.advance(10_000);
    const progress: RunEvent = {
      type: 'step-progress',
      ...run,
      step: 's',
      current: 5,
      total: 10,
      category: 's',
      fraction: 0.5,
    };
    logger.readEvent(progress);
    expect(logger.getProgress('s')).toMatchObject({ percent: 50, timeRemaining: 10 });
  });

  it('keeps the elapsed time of a step that failed', () => {
    const clock = new ManualClock();
    const logger = new CollectingLogger({ clock });
    logger.setStep('s');
    logger.setProgress(0, 4);
    clock.advance(2500);
    logger.setProgressFailed();
    expect(logger.getProgress('s')).toEqual({
      percent: 0,
      fraction: 0,
      elapsedTime: 2.5,
      timeRemaining: null,
      status: 'failed',
    });
  });
});

describe('metrics', () => {
  it('are merged by step, shallowly, and handed out as copies', () => {
    const logger = new CollectingLogger();
    logger.setMetrics({ a: 1, b: { x: 1 } }, 's');
    logger.setMetrics({ b: { y: 2 } }, 's');
    logger.getMetrics('s')['a'] = 9;
    expect(logger.getMetrics()).toEqual({ s: { a: 1, b: { y: 2 } } });
  });
});

describe('after finish', () => {
  it('drops and counts every write, and never throws', async () => {
    const logger = new CollectingLogger();
    await logger.finish();
    logger.info('late');
    logger.setProgress(0, 0);
    logger.setMetrics({}, '');
    logger.logTrials({ data: {} });
    logger.readEvent({ type: 'step-log', ...run, step: 's', level: 'info', message: 'late' });
    expect(logger.entries).toEqual([]);
    expect(logger.droppedWrites).toBe(5);
  });
});

it('reads texts, events and printed lines of a run as lines', () => {
  const logger = new CollectingLogger();
  const line = { type: 'step-log', ...run, step: 's', level: 'info' } as const;
  logger.readEvent({ ...line, message: 'hello', code: 'HELLO' });
  logger.readEvent({ ...line, event: 'e', data: { n: 1 }, file: 'x.png' });
  logger.readEvent({ ...line, message: 'printed', source: 'stdout' });
  expect(logger.entries).toEqual([
    { level: 'info', event: 'message', data: { content: 'hello', key: 'HELLO' }, step: 's', file: undefined },
    { level: 'info', event: 'e', data: { n: 1 }, step: 's', file: 'x.png' },
    { level: 'info', event: 'message', data: { content: 'printed', source: 'stdout' }, step: 's', file: undefined },
  ]);
});
