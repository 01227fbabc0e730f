import { expect, it } from 'vitest';

import {
  type BaseStep,
  BaseStepContext,
  defineStep,
  type JsonObject,
  Orchestrator,
  type OrchestratorOptions,
  ParallelStep,
  type RunReport,
  type StepDefinition,
  STEP_CALL,
  StepRegistry,
  StepResult,
} from '../index.js';
import { MemoryJournal } from '../testing/index.js';

class Listening extends BaseStepContext {
  static override readonly transient = ['heard'];
  heard: string[] = [];
}

type Listener = (report: RunReport) => void;

/** A step that asks to hear of the end of its run. */
function asking(listener: Listener, more: Partial<StepDefinition<Listening, JsonObject>> = {}) {
  return defineStep<Listening>({
    name: 'a',
    rollback: ({ heard }) => void heard.push('undone'),
    ...more,
    execute(context) {
      context[STEP_CALL]?.control?.onRunEnd(listener);
      return more.execute?.(context) ?? StepResult.ok();
    },
  });
}

interface Setting {
  readonly context?: Listening;
  readonly options?: OrchestratorOptions<Listening>;
  readonly onMade?: (orchestrator: Orchestrator<Listening>) => void;
}

async function run(steps: readonly BaseStep<Listening>[], setting: Setting = {}): Promise<Listening> {
  const { context = new Listening(), options, onMade } = setting;
  const registry = new StepRegistry<Listening>();
  for (const step of steps) registry.register(step);
  const orchestrator = new Orchestrator(registry, context, options);
  onMade?.(orchestrator);
  await orchestrator.execute().catch((error: unknown) => void context.heard.push((error as Error).name));
  return context;
}

it('is told once to whoever asked, however many steps did', async () => {
  const ends: RunReport[] = [];
  const listener: Listener = (report) => void ends.push(report);
  const side = new ParallelStep<Listening>([asking(listener, { name: 'x' }), asking(listener, { name: 'y' })]);
  await run([asking(listener), side], { options: { runId: 'r-1' } });
  expect(ends).toMatchObject([{ runId: 'r-1', status: 'succeeded' }]);
});

it('is told after the rollback', async () => {
  const context = new Listening();
  const listener: Listener = ({ status }) => void context.heard.push(status);
  await run([asking(listener), asking(listener, { name: 'b', execute: () => StepResult.fail('no') })], { context });
  expect(context.heard).toEqual(['undone', 'undone', 'rolled-back', 'StepFailedError']);
});

it('is told of a run that stopped where it was, too', async () => {
  const context = new Listening();
  const listener: Listener = ({ status }) => void context.heard.push(status);
  let stop = (): void => {};
  await run([asking(listener, { execute: () => (stop(), StepResult.ok()) }), asking(listener, { name: 'b' })], {
    context,
    options: { journal: new MemoryJournal() },
    onMade: (orchestrator) => (stop = () => orchestrator.interrupt()),
  });
  expect(context.heard).toEqual(['interrupted', 'RunInterruptedError']);
});

it('is not told when it could not be recorded, as the run is resumed then', async () => {
  const journal = new MemoryJournal();
  journal.onAppend = (events) => {
    if (events.some(({ type }) => type === 'run-end')) throw new Error('disk full');
  };
  const { heard } = await run([asking(() => expect.unreachable())], { options: { journal } });
  expect([heard, journal.events.at(-1)?.type]).toEqual([[], 'run-progress']);
});

it('bears a listener that throws, and tells the others', async () => {
  const ends: string[] = [];
  const throws: Listener = () => {
    throw new Error('cannot tidy up');
  };
  const { errors, heard } = await run([asking(throws), asking(({ status }) => void ends.push(status), { name: 'b' })]);
  expect([errors, heard, ends]).toEqual([['cannot tidy up'], [], ['succeeded']]);
});
