import {
  type BaseStep,
  BaseStepContext,
  defineStep,
  StepResult,
  type JsonObject,
  type RunEvent,
  type RunEventType,
  type StepDefinition,
} from '../src/index.js';
import { ManualClock, recordRun, type RecordedRun, type RecordRunOptions } from '../src/testing/index.js';
import { settleInTime } from './settle-in-time.js';

/** What steps share in the tests of the contract: the calls of `execute` and `rollback`, in their order. */
export class TraceContext extends BaseStepContext {
  trace: string[] = [];
}

type Definition = StepDefinition<TraceContext, JsonObject>;

export interface TracedOptions extends Partial<Omit<Definition, 'rollback'>> {
  /** Default: one that does nothing but note its call. `none`: the step has no `rollback`. */
  readonly rollback?: Definition['rollback'] | 'none';
}

/** A step that notes `name` when it is entered and `undo name` when it is undone, and does what the options say. */
export function traced(name: string, options: TracedOptions = {}): BaseStep<TraceContext> {
  const { execute, rollback, ...rest } = options;
  return defineStep<TraceContext>({
    name,
    ...rest,
    execute(context) {
      context.trace.push(name);
      return execute ? execute(context) : StepResult.ok();
    },
    ...(rollback !== 'none' && {
      rollback(context: TraceContext, result: StepResult) {
        context.trace.push(`undo ${name}`);
        return rollback?.(context, result);
      },
    }),
  });
}

/** A step that fails with `message` after it was entered. */
export function failing(name: string, options: TracedOptions = {}): BaseStep<TraceContext> {
  return traced(name, {
    execute: () => {
      throw new Error(`${name} broke`);
    },
    ...options,
  });
}

/** Waits until its signal is aborted, then throws `stopped`; notes `name`. */
export function waiting(name: string, options: TracedOptions = {}): BaseStep<TraceContext> {
  return traced(name, { execute: (context) => untilAborted(context.signal), ...options });
}

export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(new Error('stopped'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
}

/** A promise that never settles: a step that ignores its signal. */
export function never(): Promise<never> {
  return new Promise(() => {});
}

export interface Played<TContext extends BaseStepContext> extends RecordedRun {
  readonly context: TContext;
  readonly clock: ManualClock;
}

type PlayOptions<TContext extends BaseStepContext> = Omit<RecordRunOptions<TContext>, 'clock'> & {
  readonly clock?: ManualClock;
};

/** Runs steps over a {@link TraceContext} on a clock that a test moves. */
export function play(
  steps: readonly BaseStep<TraceContext>[],
  options: PlayOptions<TraceContext> = {},
): Promise<Played<TraceContext>> {
  return playOn(new TraceContext(), steps, options);
}

export async function playOn<TContext extends BaseStepContext>(
  context: TContext,
  steps: readonly BaseStep<TContext>[],
  options: PlayOptions<TContext> = {},
): Promise<Played<TContext>> {
  const { clock = new ManualClock(), ...rest } = options;
  const recorded = await settleInTime(clock, recordRun(steps, context, { ...rest, clock }));
  return { ...recorded, context, clock };
}

export function eventsOf<TType extends RunEventType>(
  events: readonly RunEvent[],
  type: TType,
): Extract<RunEvent, { type: TType }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: TType }> => event.type === type);
}

/** The names of the steps of the report's rollback with their outcomes, in undo order. */
export function outcomesOf({ report }: RecordedRun): string[] {
  return report.rollback?.steps.map(({ name, outcome }) => `${name}: ${outcome}`) ?? [];
}

/** Type and step of each event, in short: `step-start a`. */
export function linesOf(events: readonly RunEvent[]): string[] {
  return events.map((event) => ('step' in event ? `${event.type} ${event.step}` : event.type));
}
