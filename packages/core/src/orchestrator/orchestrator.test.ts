import { describe, expect, it } from 'vitest';

import {
  type BaseStep,
  BaseStepContext,
  defineStep,
  Orchestrator,
  RunCancelledError,
  runEventSchema,
  RuntimeContext,
  StepFailedError,
  StepRegistry,
  StepResult,
  type OrchestratorOptions,
  type RunEvent,
  type RunReport,
  type StepDefinition,
} from '../index.js';

class ListContext extends BaseStepContext {
  calls: string[] = [];
}

type Definition = Omit<StepDefinition<ListContext, Record<string, string>>, 'execute'> &
  Partial<Pick<StepDefinition<ListContext, Record<string, string>>, 'execute'>>;

function noting(definition: Definition): BaseStep<ListContext> {
  const { name } = definition;
  return defineStep<ListContext, Record<string, string>>({
    rollback: (context) => void context.calls.push(`undo ${name}`),
    ...definition,
    execute(context) {
      context.calls.push(name);
      return definition.execute?.(context) ?? StepResult.ok();
    },
  });
}

interface Ran {
  readonly calls: string[];
  readonly events: RunEvent[];
  readonly report: RunReport;
  readonly error: unknown;
}

interface Start {
  readonly steps: readonly BaseStep<ListContext>[];
  readonly options?: OrchestratorOptions;
  readonly during?: (orchestrator: Orchestrator<ListContext>, event: RunEvent) => void;
}

async function run({ steps, options = {}, during }: Start): Promise<Ran> {
  const registry = new StepRegistry<ListContext>();
  for (const step of steps) registry.register(step);
  const context = new ListContext(new RuntimeContext({ params: { a: 1 } }));
  const orchestrator = new Orchestrator(registry, context, { undo: { delayMs: 0 }, ...options });
  const events: RunEvent[] = [];
  orchestrator.events.subscribe((event) => {
    events.push(event);
    during?.(orchestrator, event);
  });
  const settled = await orchestrator.execute().then(
    (report) => ({ report, error: undefined }),
    (error: unknown) => ({ report: StepFailedError.is(error) ? error.report : undefined, error }),
  );
  if (settled.report === undefined) throw settled.error;
  return { calls: context.calls, events, report: settled.report, error: settled.error };
}

const types = (events: readonly RunEvent[]): string[] => events.map(({ type }) => type);

describe('Orchestrator', () => {
  it('runs the steps in order and reports them', async () => {
    const { calls, report, events } = await run({ steps: [noting({ name: 'a' }), noting({ name: 'b' })] });
    expect(calls).toEqual(['a', 'b']);
    expect(report).toMatchObject({ status: 'succeeded', success: true, stepsExecuted: 2, stepsTotal: 2 });
    expect(types(events)).toEqual([
      'run-start',
      'step-start',
      'step-end',
      'run-progress',
      'step-start',
      'step-end',
      'run-progress',
      'run-end',
    ]);
    for (const event of events) expect(runEventSchema.parse(event)).toEqual(event);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('undoes newest first, the failing step included, and names the step in the error', async () => {
    const cause = new TypeError('no disk');
    const fail = (): never => {
      throw cause;
    };
    const steps = [noting({ name: 'a' }), noting({ name: 'b', execute: fail }), noting({ name: 'c' })];
    const { calls, error, report } = await run({ steps });
    expect(calls).toEqual(['a', 'b', 'undo b', 'undo a']);
    expect(error).toBeInstanceOf(StepFailedError);
    expect(error).toMatchObject({ message: "Step 'b' failed: no disk", cause, step: 'b' });
    expect(report).toMatchObject({ status: 'rolled-back', success: false, stepsExecuted: 2 });
    expect(report.rollback).toMatchObject({ complete: true, steps: [{ name: 'b' }, { name: 'a' }] });
  });

  it('gives a step that threw all the undo data that it had saved', async () => {
    let given: unknown;
    const step = noting({
      name: 'a',
      async execute(context) {
        await context.saveUndo({ one: '1', two: '1' });
        await context.saveUndo({ two: '2' });
        throw new Error('half-way');
      },
      rollback: (_context, result) => void (given = { ...result.rollbackData, status: result.status }),
    });
    await run({ steps: [step] });
    expect(given).toEqual({ one: '1', two: '2', status: 'failed' });
  });

  it('weighs progress, and ends at 100', async () => {
    const seen: number[] = [];
    const steps = [
      noting({ name: 'a', progressWeight: 0.2 }),
      noting({
        name: 'b',
        progressWeight: 0.6,
        execute(context) {
          context.setProgress(1, 2);
          return StepResult.ok();
        },
      }),
      noting({ name: 'c', progressWeight: 0.2, canSkip: () => 'not needed' }),
    ];
    const { report } = await run({ steps, options: { onProgress: (percent) => seen.push(percent) } });
    expect(seen).toEqual([20, 50, 80, 100]);
    expect(report.steps[2]).toMatchObject({ status: 'skipped', skipReason: 'not needed' });
  });

  it('cancels in the middle of a step, keeps the reason and undoes', async () => {
    const reason = new Error('enough');
    const step = noting({
      name: 'waits',
      execute: (context) =>
        new Promise((_resolve, reject) => {
          context.signal.addEventListener('abort', () => reject(context.signal.reason as Error));
        }),
    });
    const { error, calls, report } = await run({
      steps: [noting({ name: 'a' }), step],
      during: (orchestrator, event) => {
        if (event.type === 'step-start' && event.step === 'waits') queueMicrotask(() => orchestrator.cancel(reason));
      },
    });
    expect(RunCancelledError.is(error)).toBe(true);
    expect(error).toMatchObject({ cause: reason, message: "The run was cancelled in step 'waits': enough" });
    expect(calls).toEqual(['a', 'waits', 'undo waits', 'undo a']);
    expect(report.error).toMatchObject({ code: 'run_cancelled' });
  });
});
