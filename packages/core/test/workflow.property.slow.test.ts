import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { foldRunEvents, runEventSchema, type RunEvent } from '../src/index.js';
import { ManualClock, MemoryJournal, recordRun, type RecordedRun } from '../src/testing/index.js';
import { checkGrammar } from './event-grammar.js';
import { buildSteps, undoablePlan, workflowPlan, World, WorldContext, type Plan } from './random-workflow.js';
import { settleInTime } from './settle-in-time.js';

/** What is configured for all properties counts for more: a mutation check wants few runs. */
const RUNS = { numRuns: fc.readConfigureGlobal().numRuns ?? 400 };

interface Played extends RecordedRun {
  readonly clock: ManualClock;
}

async function play(
  plans: readonly Plan[],
  world: World,
  options: { cancelAt?: number; journal?: MemoryJournal; history?: readonly RunEvent[] } = {},
): Promise<Played> {
  const clock = new ManualClock();
  const { cancelAt, ...rest } = options;
  let cancel = (): void => {};
  const run = recordRun(buildSteps(plans, world), new WorldContext(), {
    clock,
    ...rest,
    onEvent: (event, orchestrator) => {
      cancel = () => orchestrator.cancel('it hangs');
      if (event.seq === cancelAt) orchestrator.cancel('enough');
    },
  });
  return { ...(await settleInTime(clock, run, () => cancel())), clock };
}

describe('any workflow', () => {
  it('keeps the grammar of its events, and each event fits its schema', async () => {
    await fc.assert(
      fc.asyncProperty(workflowPlan, fc.option(fc.nat(60)), async (plans, cancelAt) => {
        const { events } = await play(plans, new World(), { ...(cancelAt !== null && { cancelAt }) });
        checkGrammar(events);
        for (const event of events) runEventSchema.parse(event);
      }),
      RUNS,
    );
  });

  it('reports what its events add up to', async () => {
    await fc.assert(
      fc.asyncProperty(workflowPlan, fc.option(fc.nat(60)), async (plans, cancelAt) => {
        const { events, report } = await play(plans, new World(), { ...(cancelAt !== null && { cancelAt }) });
        expect(foldRunEvents(events).report).toEqual(report);
      }),
      RUNS,
    );
  });

  it('undoes what it started, newest first, each exactly once at the end', async () => {
    await fc.assert(
      fc.asyncProperty(workflowPlan, fc.option(fc.nat(60)), async (plans, cancelAt) => {
        const { events, report } = await play(plans, new World(), { ...(cancelAt !== null && { cancelAt }) });
        const rollback = events.findIndex((event) => event.type === 'rollback-start');
        expect(rollback < 0).toBe(report.success);
        if (rollback < 0) return;
        const started = lastStarts(events);
        const order = events
          .slice(rollback)
          .flatMap((event) => (event.type === 'undo-end' && isLast(events, event) ? [event.step] : []));
        expect(order).toEqual(started.filter((step) => order.includes(step)).toReversed());
        expect(report.rollback?.complete).toBe(
          report.rollback?.steps.every(({ outcome }) => outcome === 'undone' || outcome === 'nothing-to-undo'),
        );
        const end = events.findLast((event) => event.type === 'rollback-end');
        expect(end?.complete).toBe(report.rollback?.complete);
      }),
      RUNS,
    );
  });

  it('ends at exactly 100 when it succeeds, and not before', async () => {
    await fc.assert(
      fc.asyncProperty(workflowPlan, async (plans) => {
        const { events, report } = await play(plans, new World());
        const percents = events.flatMap((event) => (event.type === 'run-progress' ? [event.percent] : []));
        if (report.success && percents.length > 0) expect(percents.indexOf(100)).toBe(percents.length - 1);
        if (!report.success) expect(percents).not.toContain(100);
      }),
      RUNS,
    );
  });

  it('leaves no timer behind', async () => {
    await fc.assert(
      fc.asyncProperty(workflowPlan, fc.nat(60), async (plans, cancelAt) => {
        const { clock } = await play(plans, new World(), { cancelAt, journal: new MemoryJournal() });
        expect(clock.waiting).toBe(0);
      }),
      RUNS,
    );
  });

  it('that can be undone leaves the world as it was when it fails', async () => {
    await fc.assert(
      fc.asyncProperty(undoablePlan, fc.option(fc.nat(60)), async (plans, cancelAt) => {
        const world = new World();
        const { report } = await play(plans, world, { ...(cancelAt !== null && { cancelAt }) });
        if (!report.success) expect([...world.effects]).toEqual([]);
        expect(new Set(world.log).size).toBe(world.log.length);
      }),
      RUNS,
    );
  });

  it('whose host dies at any commit is resumed to an end, with no finished undo repeated', async () => {
    await fc.assert(
      fc.asyncProperty(undoablePlan, fc.nat(25), async (plans, dieAt) => {
        const world = new World();
        const journal = new MemoryJournal();
        await playUntilDeath(plans, world, { journal, dieAt });
        const history = journal.events;
        if (history.length === 0 || history.at(-1)?.type === 'run-end') return;
        const doneUndos = history.flatMap((event) =>
          event.type === 'undo-end' ? [`undo ${event.step}#${event.attempt}`] : [],
        );
        const before = world.log.length;
        const { events, report } = await play(plans, world, { journal, history });
        checkGrammar(events, history);
        expect(foldRunEvents(journal.events).report).toEqual(
          (journal.events.at(-1) as Extract<RunEvent, { type: 'run-end' }>).report,
        );
        for (const undo of doneUndos) expect(world.log.slice(before)).not.toContain(undo);
        if (!report.success) expect([...world.effects]).toEqual([]);
        const rolledBackBefore = history.some((event) => event.type === 'rollback-start');
        if (rolledBackBefore) expect(events.map(({ type }) => type)).not.toContain('step-start');
      }),
      RUNS,
    );
  });
});

/** A host that dies: the journal never answers its `dieAt`-th commit, and nobody waits for it. */
async function playUntilDeath(
  plans: readonly Plan[],
  world: World,
  { journal, dieAt }: { journal: MemoryJournal; dieAt: number },
): Promise<void> {
  const clock = new ManualClock();
  const died = new Promise<void>((resolve) => {
    journal.onAppend = (): Promise<void> | void => {
      if (journal.commits.length < dieAt) return undefined;
      resolve();
      return new Promise(() => {});
    };
  });
  const run = recordRun(buildSteps(plans, world), new WorldContext(), { clock, journal });
  await settleInTime(clock, Promise.race([died, run]));
  journal.onAppend = () => {};
}

function lastStarts(events: readonly RunEvent[]): string[] {
  const started = new Set<string>();
  for (const event of events) {
    if (event.type !== 'step-start') continue;
    started.delete(event.step);
    started.add(event.step);
  }
  return [...started];
}

function isLast(events: readonly RunEvent[], event: RunEvent & { step: string }): boolean {
  return events.findLast((other) => other.type === 'undo-end' && other.step === event.step) === event;
}
