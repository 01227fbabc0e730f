import { describe, expect, it } from 'vitest';

import { ConfiguredStep, foldRunEvents, ParallelStep, RetryStep, StepResult, type BaseStep } from '../src/index.js';
import { ManualClock, MemoryJournal } from '../src/testing/index.js';
import {
  eventsOf,
  failing,
  never,
  outcomesOf,
  play,
  traced,
  untilAborted,
  waiting,
  type TraceContext,
} from './contract-steps.js';

type Step = BaseStep<TraceContext>;

const parallel = (name: string, children: readonly Step[], options: object = {}): ParallelStep<TraceContext> =>
  new ParallelStep<TraceContext>(children, { name, ...options });

describe('CT-4: child runs that do not go well', () => {
  it('CT-4: the first failure cancels the siblings, and is the failure of the parent; who waits is not started', async () => {
    const reasons: unknown[] = [];
    const sibling = waiting('sibling', {
      execute: (context) => {
        context.signal.addEventListener('abort', () => reasons.push(context.signal.reason));
        return untilAborted(context.signal);
      },
    });
    const cause = new Error('disk full');
    const played = await play([
      parallel('p', [sibling, traced('fails', { execute: () => Promise.reject(cause) }), traced('late')], {
        concurrency: 2,
      }),
      traced('z'),
    ]);
    expect(reasons).toMatchObject([
      { code: 'sibling_failed', message: expect.stringContaining("'p/fails'") as string, cause },
    ]);
    expect(played.error).toMatchObject({
      step: 'p',
      cause,
      message: expect.stringContaining("'p/fails' failed: disk full") as string,
    });
    expect(played.context.trace).toEqual(['sibling', 'fails', 'undo fails', 'undo sibling']);
    expect(played.report.steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'p failed',
      'p/sibling failed',
      'p/fails failed',
      'p/late pending',
      'z pending',
    ]);
  });

  it('CT-4: a sibling that ignores the cancel has its grace, is unknown then, and the rollback starts', async () => {
    const clock = new ManualClock();
    const played = await play([parallel('p', [traced('deaf', { execute: never }), failing('fails')])], { clock });
    expect(clock.now()).toBe(5000);
    expect(played.report.steps.map(({ status }) => status)).toEqual(['failed', 'unknown', 'failed']);
    expect(outcomesOf(played)).toEqual(['p/fails: undone', 'p/deaf: undone', 'p: nothing-to-undo']);
  });

  it('CT-4: an optional child fails for itself: it is undone at once and its siblings go on', async () => {
    const played = await play([parallel('p', [failing('x', { optional: true }), traced('y')], { concurrency: 1 })]);
    expect(played.context.trace).toEqual(['x', 'undo x', 'y']);
    expect(played.report).toMatchObject({ status: 'succeeded', rollback: { complete: true } });
  });

  it('CT-4: an optional parallel step is undone with all that was started inside it', async () => {
    const optional = new ConfiguredStep(parallel('p', [traced('x'), failing('y')], { concurrency: 1 }), {
      optional: true,
    });
    const played = await play([traced('a'), optional, traced('c')]);
    expect(played.context.trace).toEqual(['a', 'x', 'y', 'undo y', 'undo x', 'c']);
    expect(played.report.status).toBe('succeeded');
  });

  it('CT-4: a retried parallel step undoes the children of the attempt, newest first, and starts them all again', async () => {
    let attempts = 0;
    const y = traced('y', {
      execute: () => {
        attempts += 1;
        return attempts === 1 ? StepResult.fail('once') : StepResult.ok();
      },
    });
    const played = await play([new RetryStep(parallel('p', [traced('x'), y], { concurrency: 1 })), failing('z')]);
    expect(played.context.trace).toEqual(['x', 'y', 'undo y', 'undo x', 'x', 'y', 'z', 'undo z', 'undo y', 'undo x']);
    expect(eventsOf(played.events, 'step-retry').map(({ step }) => step)).toEqual(['p']);
    expect(foldRunEvents(played.events).report).toEqual(played.report);
  });

  it('CT-3: a retried parallel step whose child was given up has no further attempt', async () => {
    const step = new RetryStep(parallel('p', [traced('deaf', { execute: never }), failing('fails')]), {
      retryOn: () => true,
    });
    const played = await play([step]);
    expect(played.context.trace).toEqual(['deaf', 'fails', 'undo fails', 'undo deaf']);
  });

  it('CT-4: children are durable units: those that ended before a crash keep their outcome', async () => {
    const steps = (): Step[] => [parallel('p', [traced('x'), traced('y'), traced('z')], { concurrency: 1 })];
    const { events } = await play(steps());
    const history = events.slice(
      0,
      events.findIndex((event) => event.type === 'step-end' && event.step === 'p/y'),
    );
    const journal = new MemoryJournal();
    await journal.append(history);
    const resumed = await play(steps(), { history, journal });
    expect(resumed.context.trace).toEqual(['undo y', 'y', 'z']);
    expect(resumed.report.success).toBe(true);
    expect(foldRunEvents(journal.events).report).toEqual(resumed.report);
  });

  it('CT-4: a cancel of the run cancels the children', async () => {
    const { error, context } = await play([parallel('p', [waiting('x'), waiting('y')])], {
      onEvent: (event, run) =>
        void (event.type === 'step-start' && event.step === 'p/y' && queueMicrotask(() => run.cancel('enough'))),
    });
    expect(error).toMatchObject({ code: 'run_cancelled', cause: 'enough' });
    expect(context.trace).toEqual(['x', 'y', 'undo y', 'undo x']);
  });

  it('CT-4: a parallel step of nothing is done at once', async () => {
    expect((await play([parallel('p', [], { progressWeight: 1 }), traced('a')])).report.success).toBe(true);
  });
});
