import type { BaseStepContext } from '../context/base-step-context.js';
import { CHANGES } from '../context/changes-key.js';
import { STEP_CALL, type StepCall } from '../context/step-call.js';
import { explainPrivateField } from '../context/explain-private-field.js';
import type { RuntimeContext } from '../context/runtime-context.js';
import { readableError } from '../errors/error-record.js';
import type { RunEventBody } from '../events/run-event.js';
import type { RunEventStream } from '../events/run-event-stream.js';
import type { JournalWriter } from '../journal/journal-writer.js';
import type { WeightedProgress } from '../progress/weighted-progress.js';
import type { FoldedRun } from '../report/fold-run-events.js';
import { beginAnew } from '../report/step-record.js';
import type { BaseStep } from '../step/base-step.js';
import type { StepResult } from '../step/step-result.js';
import type { ActiveCall } from './active-call.js';
import type { Cancellation } from './cancellation.js';
import type { Clock } from './clock.js';
import { ContextRecords } from './context-records.js';
import { LoopTurns } from './loop-turns.js';
import type { RunFailure } from './run-failure.js';
import type { RunEndListener, StepControl } from './step-control.js';
import { type RunStep, StepScope } from './step-scope.js';

export interface RunOptions {
  readonly runId: string;
  readonly workflow: string | undefined;
  readonly clock: Clock;
  readonly graceMs: number;
  readonly onRollbackError: 'continue' | 'halt';
  /** Undo also what a pivot keeps. */
  readonly undoKept: boolean;
  readonly undoTries: number;
  readonly undoDelayMs: number;
  readonly undoTimeoutMs: number;
  /** Of a backend job's progress, by step. */
  readonly proportions: Readonly<Record<string, number>>;
  readonly beforeStep: ((step: string, context: BaseStepContext) => void | Promise<void>) | undefined;
}

/** How a run begins: fresh, or from what is recorded of it. */
export interface RunStart {
  readonly folded?: FoldedRun | undefined;
  /** Set when there is nothing to do but to undo. */
  readonly rollBackFor?: RunFailure | undefined;
  readonly onStarted?: (() => void) | undefined;
}

export interface RunWiring {
  readonly events: RunEventStream;
  readonly options: RunOptions;
  /** What wrappers get; handed in, because it runs steps and so needs all that is built on a run. */
  readonly controlFor: (call: ActiveCall) => StepControl;
  readonly journal: JournalWriter | undefined;
}

/** Everything that belongs to one run and to nothing else: its steps, events, cancel state, and its context. */
export class Run {
  readonly root: StepScope;
  readonly context: BaseStepContext;
  /** What becomes of it, and of the contexts that steps bring for those inside them. */
  readonly contexts: ContextRecords;
  /** Those whose `execute` was entered, in that order, children among them. */
  started: RunStep[] = [];
  readonly abandonment = new AbortController();
  /** Who hears of its end. */
  readonly endListeners = new Set<RunEndListener>();
  readonly startedMs: number;
  readonly startedAt: string;
  readonly turns: LoopTurns;
  readonly options: RunOptions;
  readonly events: RunEventStream;
  readonly controlFor: (call: ActiveCall) => StepControl;
  isRollingBack = false;
  /** Told to stop where it is, to be resumed later. */
  isInterrupted = false;
  /** How far it was when this host took it over. */
  fractionBefore = 0;
  readonly #journal: JournalWriter | undefined;
  #contextIsShared = true;
  /** A run around this one, over the same context, speaks again when this one is over. */
  readonly #callAround: StepCall | undefined;
  #speakerBefore: ReturnType<RuntimeContext['speakThrough']>;
  #lastPercent = -1;
  #undo: ActiveCall | undefined;

  constructor(steps: readonly BaseStep[], context: BaseStepContext, wiring: RunWiring) {
    this.controlFor = wiring.controlFor;
    this.options = wiring.options;
    this.events = wiring.events;
    this.#journal = wiring.journal;
    this.context = context;
    this.contexts = new ContextRecords(steps, { events: wiring.events, isJournaled: wiring.journal !== undefined });
    this.#callAround = context[STEP_CALL];
    this.root = new StepScope(steps, { run: this, parent: undefined });
    this.startedMs = this.clock.now();
    this.turns = new LoopTurns(this.clock);
    this.startedAt = this.clock.timestamp();
  }

  get cancellation(): Cancellation {
    return this.root.cancellation;
  }

  get runtimeContext(): RuntimeContext {
    return this.context.runtimeContext;
  }

  get clock(): Clock {
    return this.options.clock;
  }

  get isJournaled(): boolean {
    return this.#journal !== undefined;
  }

  /** Resolves once all that was emitted is durable; without a journal there is nothing to wait for. */
  commit(): Promise<void> | undefined {
    return this.#journal?.flush();
  }

  /** From here on the context speaks for this run. What its steps change in it is recorded, if there is a journal. */
  trackContext(): void {
    this.contexts.follow(this.context);
    this.#speakerBefore = this.runtimeContext.speakThrough(this);
  }

  /** From here on the step has to be undone. */
  begin(entry: RunStep): void {
    const { record } = entry;
    if (record.undo !== undefined) beginAnew(record); // undone because its host had stopped in the middle of it
    entry.result = undefined;
    record.status = 'running';
    record.attempts += 1;
    record.startedAt = this.clock.timestamp();
    entry.startedMs = this.clock.now();
    if (record.attempts > 1) this.started = this.started.filter((started) => started.record !== record);
    this.started.push(entry);
    if (this.events.hasReaders) this.events.emit({ type: 'step-start', step: record.name }, record.startedAt);
    else this.events.skip();
  }

  emit(body: RunEventBody): void {
    this.events.emit(body);
  }

  /** The context, speaking for `call`: in sequence the plain one; beside other steps, or after one was given up, a view. */
  contextFor(call: ActiveCall): BaseStepContext {
    if (!this.#contextIsShared || call.entry.scope.parent) return this.viewFor(call);
    this.context[STEP_CALL] = call;
    return this.context;
  }

  /** The error that says what is wrong, where the one of the engine does not. */
  explain(error: unknown, { scope }: RunStep): unknown {
    return explainPrivateField(readableError(error), scope.context);
  }

  viewFor(call: ActiveCall): BaseStepContext {
    let current: StepCall | undefined = call;
    const { context } = call.entry.scope;
    this.contexts.follow(context);
    return new Proxy(context, {
      get: (target, key, receiver) => (key === STEP_CALL ? current : (Reflect.get(target, key, receiver) as unknown)),
      // A run over the view (an Orchestrator inside a step) puts its own calls there, and this one back.
      set: (target, ...[key, value, receiver]) => {
        if (key !== STEP_CALL) {
          if (typeof key === 'string' && !(key in target) && target[CHANGES]?.add(key, value, current?.step))
            return true;
          return Reflect.set(target, key, value, receiver);
        }
        current = value as StepCall | undefined;
        return true;
      },
    });
  }

  /** A view for an undo; until it {@link undoEnded} what is said on the runtime context belongs to it, too. */
  viewForUndo(call: ActiveCall): BaseStepContext {
    this.#undo = call;
    return this.viewFor(call);
  }

  undoEnded(call: ActiveCall): void {
    if (this.#undo === call) this.#undo = undefined;
  }

  /** Who speaks on the runtime context. */
  get [STEP_CALL](): StepCall | undefined {
    return this.#undo ?? this.context[STEP_CALL];
  }

  /**
   * A step did not settle and may still hold the plain context: from now on that one refuses every call, and the others
   * get views of it. Only then, because a view costs.
   */
  shutOut(call: ActiveCall): void {
    call.close();
    if (this.context[STEP_CALL] === call) this.#contextIsShared = false;
  }

  /** Lets go of timers. */
  dispose(): void {
    this.#journal?.dispose();
  }

  /** No step of this run speaks any more. */
  releaseContext(): void {
    if (this.#contextIsShared) this.context[STEP_CALL] = this.#callAround;
    this.runtimeContext.speakThrough(this.#speakerBefore);
  }

  /** Notes how a step of a registry ended, for the steps after it. */
  keepResult({ scope }: RunStep, result: StepResult): void {
    if (scope.ownsContext) scope.context.stepResults.push(result);
  }

  /** Notes what went wrong without ending the run. */
  noteError({ scope }: RunStep, text: string): void {
    for (const context of new Set([scope.context, this.context])) context.errors.push(text);
  }

  /** Tells readers the run's progress, if it is a new whole percent (or `always`). */
  tellProgress({ percent, fraction }: WeightedProgress, always: boolean): void {
    if (!always && percent === this.#lastPercent) return;
    this.#lastPercent = percent;
    if (!this.events.hasReaders) return this.events.skip();
    const remainingMs = this.#remainingMs(fraction);
    this.emit({ type: 'run-progress', percent, fraction, ...(remainingMs !== undefined && { remainingMs }) });
  }

  /** Worth showing once this host has done a twentieth and a second has passed; before that it is a guess about a guess. */
  #remainingMs(fraction: number): number | undefined {
    const elapsed = this.clock.now() - this.startedMs;
    const done = fraction - this.fractionBefore;
    if (done < 0.05 - Number.EPSILON || elapsed < 1000) return undefined;
    return Math.round((elapsed / done) * (1 - fraction));
  }
}
