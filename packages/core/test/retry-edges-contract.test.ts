import { describe, expect, it } from 'vitest';

import { ParallelStep, RetryStep, StepResult, SynapseStepsError, type BaseStep } from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import { eventsOf, failing, outcomesOf, play, traced, type TraceContext } from './contract-steps.js';

const broken = (): never => {
  throw new Error('cannot undo');
};

/** One child at a time, tried again as a whole. */
function retried(children: readonly BaseStep<TraceContext>[]): BaseStep<TraceContext> {
  return new RetryStep(new ParallelStep(children, { name: 'p', concurrency: 1 }), { attempts: 2 });
}

describe('CT-3: the attempts of a step with steps inside', () => {
  it('CT-3, CT-4: there is no further attempt when the undo of a step inside failed', async () => {
    const reason = new Error('y broke');
    const y = traced('y', { execute: () => Promise.reject(reason) });
    const played = await play([retried([traced('x', { rollback: broken }), y])], { undo: { tries: 1 } });
    expect((played.error as Error).cause).toBe(reason);
    expect(played.context.trace).toEqual(['x', 'y', 'undo y', 'undo x', 'undo x']);
    expect(eventsOf(played.events, 'step-retry')).toEqual([]);
    expect(played.report.status).toBe('rollback-incomplete');
  });

  it('CT-3, CT-4: a step that only an earlier attempt had started is not undone again by the rollback of the run', async () => {
    const x = traced('x', {
      execute: (context) => (context.attempt === 1 ? StepResult.ok() : StepResult.fail('no more')),
    });
    const played = await play([traced('a'), retried([x, failing('y')])]);
    expect(played.context.trace).toEqual(['a', 'x', 'y', 'undo y', 'undo x', 'x', 'undo x', 'undo a']);
    expect(eventsOf(played.events, 'rollback-start')).toMatchObject([{ steps: ['p/x', 'p', 'a'] }]);
    expect(played.report.steps.map(({ name, status }) => [name, status])).toEqual([
      ['a', 'completed'],
      ['p', 'failed'],
      ['p/x', 'failed'],
      ['p/y', 'pending'],
    ]);
  });
});

describe('CT-3: what the undo of an attempt gets to see', () => {
  it('CT-3, RB-5: the status unknown when its error says that nobody knows, else failed', async () => {
    const seen: unknown[] = [];
    const errors = [
      new SynapseStepsError({ code: 'lost', message: 'nobody knows', outcomeUnknown: true }),
      new SynapseStepsError({ code: 'refused', message: 'known' }),
      Object.assign(new Error('not ours'), { outcomeUnknown: true }),
    ];
    const step = traced('a', {
      execute: ({ attempt }) => {
        throw errors[attempt - 1] as Error;
      },
      rollback: (_context, { status, success, error }) => void seen.push([status, success, error]),
    });
    await play([new RetryStep(step)]);
    expect(seen).toEqual([
      ['unknown', false, 'nobody knows'],
      ['failed', false, 'known'],
      ['failed', false, 'not ours'],
    ]);
  });

  it('CT-3, RB-4: the undo data that came with a result that says it failed; it is recorded before that undo', async () => {
    const given: unknown[] = [];
    const step = traced('a', {
      async execute(context) {
        await context.saveUndo({ saved: context.attempt });
        return StepResult.fail('not yet', { rollbackData: { returned: context.attempt } });
      },
      rollback: (_context, { rollbackData }) => void given.push({ ...rollbackData }),
    });
    const journal = new MemoryJournal();
    await play([new RetryStep(step, { attempts: 2 })], { journal });
    expect(given).toEqual([
      { saved: 1, returned: 1 },
      { saved: 2, returned: 2 },
    ]);
    const first = journal.events.slice(
      0,
      journal.events.findIndex(({ type }) => type === 'undo-start'),
    );
    expect(eventsOf(first, 'undo-saved')).toMatchObject([
      { step: 'a', attempt: 1, data: { saved: 1 } },
      { step: 'a', attempt: 1, data: { returned: 1 } },
    ]);
  });
});

describe('CT-3: a cancel in the pause between two attempts', () => {
  const cancelledInPause = (step: BaseStep<TraceContext>): ReturnType<typeof play> =>
    play([new RetryStep(step, { delayMs: 1e9 })], {
      onEvent: (event, orchestrator) =>
        void (event.type === 'step-retry' && queueMicrotask(() => orchestrator.cancel('enough'))),
    });

  it('CT-3, CT-1: ends it at once, and what was undone is not undone again', async () => {
    const played = await cancelledInPause(failing('a'));
    expect(played.context.trace).toEqual(['a', 'undo a']);
    expect(outcomesOf(played)).toEqual(['a: undone']);
    expect(played.clock.now()).toBe(0);
    expect(played.error).toMatchObject({ code: 'run_cancelled', cause: 'enough' });
  });

  it('CT-3, CT-1: of a step without a rollback leaves nothing to undo, and the error of the attempt', async () => {
    const played = await cancelledInPause(failing('a', { rollback: 'none' }));
    expect(outcomesOf(played)).toEqual(['a: nothing-to-undo']);
    expect(played.report.steps).toMatchObject([{ status: 'failed', error: { message: 'a broke' } }]);
  });
});
