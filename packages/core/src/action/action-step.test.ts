import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { BaseStepContext } from '../context/base-step-context.js';
import { RuntimeContext } from '../context/runtime-context.js';
import type { RunEvent } from '../events/run-event.js';
import { CollectingLogger } from '../loggers/collecting-logger.js';
import { Orchestrator } from '../orchestrator/orchestrator.js';
import { StepRegistry } from '../registry/step-registry.js';
import type { RunReport } from '../report/run-report.js';
import type { BaseStep } from '../step/base-step.js';
import { defineStep } from '../step/define-step.js';
import { StepResult } from '../step/step-result.js';
import { MemoryJournal } from '../testing/memory-journal.js';
import { recordRun } from '../testing/record-run.js';
import { ParallelStep } from '../wrappers/parallel-step.js';
import { RetryStep } from '../wrappers/retry-step.js';
import { BaseAction } from './base-action.js';

class BoxContext extends BaseStepContext {
  items: string[] = [];
}

/** Each of these puts its name into the action's own context, and takes it out again when undone. */
function put(name: string, work: (context: BoxContext) => void | Promise<void> = () => {}): BaseStep<BoxContext> {
  return defineStep<BoxContext, { item: string }>({
    name,
    progressWeight: 0.25,
    async execute(context) {
      await context.saveUndo({ item: name });
      context.items = [...context.items, name];
      await work(context);
      return StepResult.ok();
    },
    rollback(context, result) {
      context.items = context.items.filter((item) => item !== result.rollbackData.item);
      seen.push(`${name} undone, left: ${context.items.join(' ')}`);
    },
  });
}

let seen: string[] = [];

class BoxAction extends BaseAction<z.ZodType, BoxContext, { items: string[]; report: string[] }> {
  override readonly name = 'box';
  box: BoxContext | undefined;

  constructor(
    private readonly steps: readonly BaseStep<BoxContext>[],
    runtimeContext?: RuntimeContext,
  ) {
    super({ from: 'action' }, runtimeContext);
  }

  protected override createContext(runtimeContext: RuntimeContext): BoxContext {
    return (this.box = new BoxContext(runtimeContext));
  }

  override setupSteps(registry: StepRegistry<BoxContext>): void {
    for (const step of this.steps) registry.register(step);
  }

  protected override createResult(report: RunReport, context: BoxContext): { items: string[]; report: string[] } {
    return { items: context.items, report: report.steps.map(({ name, status }) => `${name}: ${status}`) };
  }
}

const failing = (): BaseStep => defineStep({ name: 'last', execute: () => StepResult.fail('no') });

describe('an action inside a workflow', () => {
  it('CT-4: is one step, with its own steps, weights, params and context inside it, and its result as data', async () => {
    const action = await new BoxAction([put('a'), put('b')]).toStep();
    const context = new BaseStepContext(new RuntimeContext({ params: { from: 'workflow' } }));
    const percents: number[] = [];
    const other = defineStep({ name: 'other', progressWeight: 0.5, execute: () => StepResult.ok() });
    const registry = new StepRegistry().register(action).register(other);
    const report = await new Orchestrator(registry, context, {
      onProgress: (percent) => percents.push(percent),
    }).execute();
    expect(report.steps.map(({ name, status }) => [name, status])).toEqual([
      ['box', 'completed'],
      ['box/a', 'completed'],
      ['box/b', 'completed'],
      ['other', 'completed'],
    ]);
    expect(report.steps[0]?.data).toEqual({ items: ['a', 'b'], report: ['a: completed', 'b: completed'] });
    expect([...new Set(percents)]).toEqual([25, 50, 100]);
    expect(Object.keys(context.toJSON())).toEqual([]);
    expect(context.stepResults).toHaveLength(2);
  });

  it('gives its steps its own params', async () => {
    const action = new BoxAction([put('a', (context) => void seen.push(JSON.stringify(context.params)))]);
    seen = [];
    await recordRun([await action.toStep()], new BaseStepContext(new RuntimeContext({ params: { from: 'workflow' } })));
    expect(seen).toEqual(['{"from":"action"}']);
  });

  it('CT-4, RB-3: is undone step by step when a later step fails, over its own context', async () => {
    seen = [];
    const action = new BoxAction([put('a'), put('b')]);
    const { report } = await recordRun([await action.toStep(), failing()], new BaseStepContext());
    expect(seen).toEqual(['b undone, left: a', 'a undone, left: ']);
    expect(report.rollback?.steps.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([
      'last: nothing-to-undo',
      'box/b: undone',
      'box/a: undone',
      'box: nothing-to-undo',
    ]);
  });

  it('names the step inside it that failed', async () => {
    const bad = put('b', () => {
      throw new Error('disk full');
    });
    const { error } = await recordRun([await new BoxAction([put('a'), bad]).toStep()], new BaseStepContext());
    expect(error).toMatchObject({ message: "Step 'box' failed: its step 'box/b' failed: disk full" });
  });

  it('reaches its own context through wrappers and parallel steps, however deep', async () => {
    let calls = 0;
    const flaky = put('flaky', () => {
      calls += 1;
      if (calls < 2) throw new Error('not yet');
    });
    const action = new BoxAction([new ParallelStep([new RetryStep(flaky, { delayMs: 0 }), put('beside')]), put('end')]);
    const inner = await action.toStep();
    const nested = new RetryStep(inner, { attempts: 2 });
    const { report } = await recordRun([nested], new BaseStepContext());
    expect(report.status).toBe('succeeded');
    expect(action.box?.items.toSorted()).toEqual(['beside', 'end', 'flaky']);
  });

  it('runs beside another, each over its own context', async () => {
    const [one, two] = [new BoxAction([put('a')]), new BoxAction([put('b'), put('c')])];
    const both = new ParallelStep([await one.toStep(), await two.toStep()]);
    const { report } = await recordRun([both], new BaseStepContext());
    expect(report.steps.map(({ name }) => name)).toEqual([
      'parallel',
      'parallel/box',
      'parallel/box/a',
      'parallel/box#2',
      'parallel/box#2/b',
      'parallel/box#2/c',
    ]);
    expect([one.box?.items, two.box?.items]).toEqual([['a'], ['b', 'c']]);
  });

  it('hears of a cancel', async () => {
    const waits = put('waits', async (context) => {
      const aborted = new Promise((resolve) => context.signal.addEventListener('abort', resolve));
      context.log('waiting');
      await aborted;
      throw context.signal.reason;
    });
    const registry = new StepRegistry().register(await new BoxAction([put('a'), waits]).toStep());
    const orchestrator = new Orchestrator(registry, new BaseStepContext());
    orchestrator.events.subscribe((event) => {
      if (event.type === 'step-log') orchestrator.cancel('enough');
    });
    seen = [];
    await expect(orchestrator.execute()).rejects.toMatchObject({ code: 'run_cancelled' });
    expect(seen).toEqual(['waits undone, left: a', 'a undone, left: ']);
  });

  it('keeps what could not be undone in its own list of errors and in that of the run', async () => {
    const stuck = defineStep<BoxContext>({
      name: 'stuck',
      execute: () => StepResult.ok(),
      rollback: () => {
        throw new Error('locked');
      },
    });
    const action = new BoxAction([stuck]);
    const context = new BaseStepContext();
    await recordRun([await action.toStep(), failing()], context);
    const text = "Rollback failed for step 'box/stuck': locked";
    expect([context.errors, action.box?.errors]).toEqual([[text], [text]]);
  });

  it('speaks through what the host lent, for the step in which it runs', async () => {
    const logger = new CollectingLogger();
    const host = new RuntimeContext({ logger });
    const action = new BoxAction([put('a', (context) => context.runtimeContext.log('inside'))], host);
    await recordRun([await action.toStep()], new BaseStepContext(host));
    expect(logger.entries.find(({ event }) => event === 'inside')?.step).toMatch(/^box/);
  });
});

describe('an action whose host died', () => {
  /** The events of a run that stopped while `b` was running. */
  async function historyUntilB(): Promise<readonly RunEvent[]> {
    const journal = new MemoryJournal();
    const stops = put('b', () => orchestrator.interrupt());
    const registry = new StepRegistry().register(await new BoxAction([put('a'), stops, put('c')]).toStep());
    const orchestrator = new Orchestrator(registry, new BaseStepContext(), { journal });
    await orchestrator.execute().catch(() => undefined);
    return journal.events.filter(({ type }) => type !== 'run-end');
  }

  it('goes on where it was, with its context as it had been', async () => {
    const history = await historyUntilB();
    expect(history).toContainEqual(expect.objectContaining({ type: 'context-change', step: 'box/a', context: 'box' }));
    const action = new BoxAction([put('a'), put('b'), put('c')]);
    const registry = new StepRegistry().register(await action.toStep());
    const context = new BaseStepContext();
    const report = await new Orchestrator(registry, context, { history, journal: new MemoryJournal() }).execute();
    expect(report.status).toBe('succeeded');
    expect(action.box?.items).toEqual(['a', 'b', 'c']);
    expect(Object.keys(context.toJSON())).toEqual([]);
  });

  it('is undone over its context as it had been', async () => {
    const history = await historyUntilB();
    const registry = new StepRegistry().register(await new BoxAction([put('a'), put('b'), put('c')]).toStep());
    seen = [];
    const report = await new Orchestrator(registry, new BaseStepContext(), { history }).rollBack();
    expect(report.rollback?.complete).toBe(true);
    expect(seen).toEqual(['b undone, left: a', 'a undone, left: ']);
  });
});
