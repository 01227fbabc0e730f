import { CALL, type BaseStepContext } from '../context/base-step-context.js';
import type { RuntimeContext } from '../context/runtime-context.js';
import type { RunEventBody } from '../events/run-event.js';
import type { RunEventStream } from '../events/run-event-stream.js';
import type { JsonObject } from '../json/json-value.js';
import { compensatedSum } from '../progress/compensated-sum.js';
import { WeightedProgress } from '../progress/weighted-progress.js';
import { newStepRecord, type StepRecord } from '../report/step-record.js';
import type { BaseStep } from '../step/base-step.js';
import type { StepResult } from '../step/step-result.js';
import { Cancellation } from './cancellation.js';
import type { Clock } from './clock.js';
import type { ActiveCall } from './active-call.js';

/** A step of a run and what has become of it. */
export interface RunStep {
  readonly step: BaseStep;
  readonly record: StepRecord;
  /** What `execute` came to; handed to `rollback`. */
  result: StepResult | undefined;
  /** The undo data that came with the result, after what was saved. */
  returnedUndoData: JsonObject | undefined;
  startedMs: number | undefined;
}

export interface RunOptions {
  readonly runId: string;
  readonly workflow: string | undefined;
  readonly clock: Clock;
  readonly graceMs: number;
  readonly onRollbackError: 'continue' | 'halt';
  readonly undoTries: number;
  readonly undoDelayMs: number;
  readonly undoTimeoutMs: number;
}

/** Everything that belongs to one run and to nothing else: its steps, events, progress, cancel state, and its context. */
export class Run {
  readonly steps: readonly RunStep[];
  /** Those whose `execute` was entered, in that order. */
  readonly started: RunStep[] = [];
  readonly cancellation: Cancellation;
  readonly progress: WeightedProgress;
  readonly abandonment = new AbortController();
  readonly startedMs: number;
  isRollingBack = false;
  #rawContext: BaseStepContext;
  #contextIsShared = true;
  #lastPercent = -1;

  constructor(
    steps: readonly BaseStep[],
    context: BaseStepContext,
    readonly wiring: { readonly events: RunEventStream; readonly options: RunOptions },
  ) {
    this.#rawContext = context;
    this.steps = steps.map((step) => ({
      step,
      record: newStepRecord(step.name, step.progressWeight),
      result: undefined,
      returnedUndoData: undefined,
      startedMs: undefined,
    }));
    this.cancellation = new Cancellation(wiring.options.clock);
    this.progress = new WeightedProgress(compensatedSum(this.steps.map(({ record }) => record.weight)), steps.length);
    this.startedMs = wiring.options.clock.now();
  }

  get options(): RunOptions {
    return this.wiring.options;
  }

  get runtimeContext(): RuntimeContext {
    return this.#rawContext.runtimeContext;
  }

  get clock(): Clock {
    return this.wiring.options.clock;
  }

  get events(): RunEventStream {
    return this.wiring.events;
  }

  /** From here on the step has to be undone. */
  begin(entry: RunStep): void {
    const { record } = entry;
    record.status = 'running';
    record.attempts = 1;
    record.startedAt = this.clock.timestamp();
    entry.startedMs = this.clock.now();
    this.started.push(entry);
    this.emit({ type: 'step-start', step: record.name });
  }

  emit(body: RunEventBody): void {
    this.wiring.events.emit(body);
  }

  /** The context, speaking for `call`. */
  contextFor(call: ActiveCall): BaseStepContext {
    if (!this.#contextIsShared) return viewOf(this.#rawContext, call);
    this.#rawContext[CALL] = call;
    return this.#rawContext;
  }

  /**
   * A step did not settle and may still hold the plain context: from now on that one refuses every call, and the others
   * get views of it. Only then, because a view costs.
   */
  shutOut(call: ActiveCall): void {
    call.close();
    this.#contextIsShared = false;
    this.#rawContext[CALL] = call;
  }

  /** Nobody speaks for a step any more. */
  releaseContext(): void {
    if (this.#contextIsShared) this.#rawContext[CALL] = undefined;
  }

  /** Tells readers the run's progress, if there is a percentage and it is a new one (or `always`). */
  emitProgress(always: boolean): void {
    if (!this.progress.isMeasured) return;
    const { percent, fraction } = this.progress;
    if (!always && percent === this.#lastPercent) return;
    this.#lastPercent = percent;
    const remainingMs = this.#remainingMs(fraction);
    this.emit({ type: 'run-progress', percent, fraction, ...(remainingMs !== undefined && { remainingMs }) });
  }

  /** Worth showing once a twentieth is done and a second has passed; before that it is a guess about a guess. */
  #remainingMs(fraction: number): number | undefined {
    const elapsed = this.clock.now() - this.startedMs;
    if (fraction < 0.05 || elapsed < 1000) return undefined;
    return Math.round((elapsed / fraction) * (1 - fraction));
  }
}

function viewOf(context: BaseStepContext, call: ActiveCall): BaseStepContext {
  return new Proxy(context, {
    get: (target, key, receiver) => (key === CALL ? call : (Reflect.get(target, key, receiver) as unknown)),
  });
}
