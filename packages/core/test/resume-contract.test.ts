import { describe, expect, it } from 'vitest';

import { foldRunEvents, type BaseStep, type RunEvent } from '../src/index.js';
import { outcomesOf, play, traced, type TraceContext, type TracedOptions } from './contract-steps.js';

/** What a host that died in the middle of step `b` had shown: `a` completed, `b` started, `z` to come. */
async function crashedInB(options: TracedOptions = {}): Promise<RunEvent[]> {
  const { events } = await play([traced('a'), traced('b', options), traced('z')]);
  return events.slice(
    0,
    events.findIndex((event) => event.type === 'step-end' && event.step === 'b'),
  );
}

const stepsWith = (options: TracedOptions): BaseStep<TraceContext>[] => [
  traced('a'),
  traced('b', options),
  traced('z'),
];

describe('RB-10: an interrupted step that was undone and not entered again', () => {
  it('RB-10, RB-13: because canSkip throws: it is not undone a second time', async () => {
    const history = await crashedInB();
    const canSkip = (): never => {
      throw new Error('cannot tell');
    };
    const resumed = await play(stepsWith({ canSkip }), { history });
    expect(resumed.context.trace).toEqual(['undo b', 'undo a']);
    expect(outcomesOf(resumed)).toEqual(['b: undone', 'a: undone']);
    expect(resumed.report.status).toBe('rolled-back');
    expect(foldRunEvents([...history, ...resumed.events]).report).toEqual(resumed.report);
  });

  it('RB-10, CT-1: because the run is cancelled first: it is not undone a second time', async () => {
    const history = await crashedInB();
    const resumed = await play(stepsWith({}), {
      history,
      onEvent: (event, orchestrator) => void (event.type === 'undo-end' && orchestrator.cancel('enough')),
    });
    expect(resumed.context.trace).toEqual(['undo b', 'undo a']);
    expect(outcomesOf(resumed)).toEqual(['b: undone', 'a: undone']);
    expect(foldRunEvents([...history, ...resumed.events]).report).toEqual(resumed.report);
  });

  it('RB-10: because there is nothing more to do for it: the report says that it was skipped, and undone before', async () => {
    const history = await crashedInB();
    const resumed = await play(stepsWith({ canSkip: () => 'is there' }), { history });
    expect(resumed.context.trace).toEqual(['undo b', 'z']);
    expect(resumed.report.steps[1]).toMatchObject({ status: 'skipped', skipReason: 'is there' });
    expect(resumed.context.stepResults[0]).toMatchObject({ skipped: true, success: true });
    expect(outcomesOf(resumed)).toEqual(['b: undone']);
    expect(foldRunEvents([...history, ...resumed.events]).report).toEqual(resumed.report);
  });
});
