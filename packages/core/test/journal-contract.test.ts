import { describe, expect, it } from 'vitest';

import { foldRunEvents, StepResult, type RunEvent } from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import { eventsOf, failing, linesOf, play, playOn, traced, TraceContext } from './contract-steps.js';
import { refuseUnhandledRejections } from './unhandled-rejections.js';

refuseUnhandledRejections();

/** What the journal holds after a crash at the first commit that has an event which `picks` finds: that commit is lost. */
function historyUntil(events: readonly RunEvent[], picks: (event: RunEvent) => boolean): RunEvent[] {
  const at = events.findIndex(picks);
  return events.slice(0, at);
}

describe('J-2: what is durable when', () => {
  it('J-2: step-start is durable before execute is entered, and saveUndo before it resolves', async () => {
    const journal = new MemoryJournal();
    const seen: string[][] = [];
    const look = (): void => void seen.push(linesOf(journal.events));
    const step = traced('a', {
      async execute(context) {
        look();
        await context.saveUndo({ one: 1 });
        look();
        return StepResult.ok();
      },
    });
    await play([step], { journal });
    expect(seen[0]).toEqual(['run-start', 'step-start a']);
    expect(seen[1]).toEqual(['run-start', 'step-start a', 'undo-saved a']);
  });

  it('J-2: context-change and step-end are one commit, with step-start of the next step at most', async () => {
    const journal = new MemoryJournal();
    const context = new TraceContext();
    await playOn(context, [traced('a'), traced('b')], { journal });
    const commits = journal.commits.map(linesOf);
    const ofA = commits.find((commit) => commit.includes('step-end a'));
    expect(ofA).toEqual(['context-change a', 'step-end a', 'run-progress', 'step-start b']);
    expect(eventsOf(journal.events, 'context-change')[0]?.patch).toEqual([
      { op: 'replace', path: '/trace', value: ['a'] },
    ]);
  });

  it('J-2: undo-end is durable before the next undo', async () => {
    const journal = new MemoryJournal();
    const seen: Record<string, string[]> = {};
    const rollback = (context: TraceContext): void => {
      seen[context.currentStep ?? ''] = linesOf(journal.events).filter((line) => line.startsWith('undo-'));
    };
    await play([traced('a', { rollback }), failing('b', { rollback })], { journal });
    expect(seen).toEqual({ b: ['undo-start b'], a: ['undo-start b', 'undo-end b', 'undo-start a'] });
  });

  it('J-2: an attempt that failed is undone durably before the next attempt is entered', async () => {
    const journal = new MemoryJournal();
    const seen: string[][] = [];
    const { RetryStep } = await import('../src/index.js');
    const step = traced('a', {
      execute: (context) => {
        seen.push(linesOf(journal.events).slice(1));
        if (context.attempt === 1) throw new Error('once');
        return StepResult.ok();
      },
    });
    await play([new RetryStep(step)], { journal });
    expect(seen[1]).toEqual(['step-start a', 'undo-start a', 'context-change a', 'undo-end a', 'step-retry a']);
  });

  it('J-2: progress, logs and metrics are batched: a step does not wait for them, and they are there in the end', async () => {
    const journal = new MemoryJournal();
    const step = traced('a', {
      execute: (context) => {
        const before = journal.commits.length;
        for (let unit = 1; unit <= 50; unit += 1) context.setProgress(unit, 50);
        context.log('event');
        context.setMetrics({ loss: 1 });
        expect(journal.commits.length).toBe(before);
        return StepResult.ok();
      },
    });
    await play([step], { journal });
    expect(eventsOf(journal.events, 'step-progress')).toHaveLength(50);
    expect(journal.commits.length).toBeLessThan(5);
  });

  it('J-2: a long step has its progress written in the background', async () => {
    const journal = new MemoryJournal();
    let seen: string[] = [];
    const step = traced('a', {
      execute: (context) => {
        context.setProgress(1, 2);
        // The clock of the run goes to the next timer once nothing else moves: that is the journal's.
        return new Promise((resolve) => {
          journal.onAppend = (events) => {
            seen = linesOf(events);
            resolve(StepResult.ok());
          };
        });
      },
    });
    const { report } = await play([step], { journal });
    expect(report.success).toBe(true);
    expect(seen).not.toEqual([]);
    expect(eventsOf(journal.events, 'step-progress')).toHaveLength(1);
  });
});

describe('J-3: numbers without gaps', () => {
  const steps = (): ReturnType<typeof traced>[] => [traced('a'), traced('b', { rollback: 'none' }), traced('c')];

  it('J-3: a journal has every event once and in order, also over a crash and a resume at any event', async () => {
    const whole = new MemoryJournal();
    await play(steps(), { journal: whole });
    for (let end = 1; end < whole.events.length; end += 1) {
      const journal = new MemoryJournal();
      await journal.append(whole.events.slice(0, end));
      const { report, events } = await play(steps(), { journal, history: journal.events });
      expect(journal.events.map(({ seq }) => seq)).toEqual(journal.events.map((_event, index) => index + 1));
      expect(eventsOf(events, 'run-resume')).toMatchObject([{ seq: end + 1, fromSeq: end + 1 }]);
      expect(report.success).toBe(true);
      expect(foldRunEvents(journal.events).report).toEqual(report);
    }
  });

  it('J-3: what was shown and not stored is repeated; a reader that truncates at fromSeq sees one run', async () => {
    const first = new MemoryJournal();
    const shown = (await play(steps(), { journal: first })).events.slice(0, -1);
    const stored = historyUntil(shown, (event) => event.type === 'step-end' && event.step === 'b');
    const journal = new MemoryJournal();
    await journal.append(stored);
    const resumed = await play(steps(), { journal, history: stored });
    const both = foldRunEvents([...shown, ...resumed.events]);
    expect(both).toEqual(foldRunEvents(journal.events));
    expect(both.report).toEqual(resumed.report);
  });

  it('J-3: the numbers go on where a batch of logs was lost', async () => {
    const journal = new MemoryJournal();
    await play([traced('a', { execute: (context) => (context.log('x'), StepResult.ok()) }), failing('b')], { journal });
    expect(journal.events.map(({ seq }) => seq)).toEqual(journal.events.map((_event, index) => index + 1));
  });
});
