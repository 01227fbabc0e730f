import { describe, expect, it } from 'vitest';

import { RunCancelledError, StepResult, type RunEvent } from '../src/index.js';
import { recordRun } from '../src/testing/index.js';
import { failing, linesOf, play, traced, untilAborted, waiting, TraceContext } from './contract-steps.js';

const startOf = (event: RunEvent, step: string): boolean => event.type === 'step-start' && event.step === step;

describe('CT-1: every run takes an AbortSignal', () => {
  it('CT-1: steps see it as context.signal, and its reason is kept to the end of the cause chain', async () => {
    const controller = new AbortController();
    const reason = new Error('the user pressed a key', { cause: 'deep' });
    let seen: unknown;
    const step = waiting('b', {
      execute: (context) => {
        context.signal.addEventListener('abort', () => void (seen = context.signal.reason));
        queueMicrotask(() => controller.abort(reason));
        return untilAborted(context.signal);
      },
    });
    const { error, report, context } = await play([traced('a'), step, traced('c')], { signal: controller.signal });
    expect(seen).toBe(reason);
    expect(RunCancelledError.is(error)).toBe(true);
    expect((error as Error).cause).toBe(reason);
    expect(report.error?.cause).toMatchObject({
      message: 'the user pressed a key',
      cause: { message: 'deep was thrown' },
    });
    expect(context.trace).toEqual(['a', 'b', 'undo b', 'undo a']);
  });

  it('CT-1: a cancel between steps counts too: the next step is not entered', async () => {
    const { error, context } = await play([traced('a'), traced('b')], {
      onEvent: (event, orchestrator) => void (event.type === 'step-end' && orchestrator.cancel('between')),
    });
    expect(context.trace).toEqual(['a', 'undo a']);
    expect(error).toMatchObject({ code: 'run_cancelled', cause: 'between' });
    expect((error as Error).message).toContain('between steps');
  });

  it('CT-1: a cancel that came while a step blocked the event loop is heard before the next step', async () => {
    const controller = new AbortController();
    const blocking = traced('a', {
      execute: () => {
        setTimeout(() => controller.abort('stop'), 1);
        const end = performance.now() + 60;
        while (performance.now() < end); // as a long computation does
        return StepResult.ok();
      },
    });
    const context = new TraceContext();
    const { error } = await recordRun([blocking, traced('b')], context, { signal: controller.signal });
    expect(RunCancelledError.is(error)).toBe(true);
    expect(context.trace).toEqual(['a', 'undo a']);
  });

  it('CT-1: a cancel while canSkip is asked keeps the step from being entered', async () => {
    const step = traced('b', { canSkip: async () => false });
    const { context, error } = await play([step], {
      onEvent: (event, run) => void (event.type === 'run-start' && queueMicrotask(() => run.cancel('soon'))),
    });
    expect(context.trace).toEqual([]);
    expect(RunCancelledError.is(error)).toBe(true);
  });

  it('CT-1: a signal that was aborted beforehand starts nothing, and the run still ends with a report', async () => {
    const { context, error, events } = await play([traced('a')], { signal: AbortSignal.abort('before') });
    expect(context.trace).toEqual([]);
    expect(error).toMatchObject({ code: 'run_cancelled', cause: 'before' });
    expect(linesOf(events)).toEqual(['run-start', 'run-cancel', 'rollback-start', 'rollback-end', 'run-end']);
  });

  it('CT-1: a step that ends well although it was told to stop does not save the run', async () => {
    const step = traced('a', { execute: (context) => untilAborted(context.signal).catch(() => StepResult.ok()) });
    const { report, error } = await play([step], {
      onEvent: (event, run) => void (startOf(event, 'a') && queueMicrotask(() => run.cancel())),
    });
    expect(RunCancelledError.is(error)).toBe(true);
    expect(report.steps[0]?.status).toBe('completed');
    expect(report.status).toBe('rolled-back');
  });

  it('CT-1: the run lets go of the signal when it is over', async () => {
    const controller = new AbortController();
    const listeners = new Set<unknown>();
    const { signal } = controller;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners.add(args[1]), add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners.delete(args[1]), remove(...args));
    await play([traced('a'), failing('b')], { signal });
    expect(listeners.size).toBe(0);
  });
});
