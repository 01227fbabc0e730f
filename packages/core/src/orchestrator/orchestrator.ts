import type { BaseStepContext } from '../context/base-step-context.js';
import { errorMessage } from '../errors/error-record.js';
import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import type { RunEvent } from '../events/run-event.js';
import { RunEventStream } from '../events/run-event-stream.js';
import { JournalWriter } from '../journal/journal-writer.js';
import type { RunJournal } from '../journal/run-journal.js';
import type { StepRegistry } from '../registry/step-registry.js';
import { foldRunEvents } from '../report/fold-run-events.js';
import type { RunReport } from '../report/run-report.js';
import { checkResumable, checkRollable, interruptedRollback } from '../restore/check-history.js';
import { restoreRun } from '../restore/restore-run.js';
import { StepUsageError } from '../step/step-error.js';
import { systemClock, type Clock } from './clock.js';
import { executeRun, type RunOutcome } from './execute-run.js';
import { Run, type RunOptions, type RunStart } from './run.js';
import { requestedFailure } from './run-failure.js';
import { toRunError } from './run-error.js';
import { RunStepControl } from './run-step-control.js';

export interface OrchestratorOptions<TContext extends BaseStepContext = BaseStepContext> {
  /** Called with the run's whole percent (0 … 100) and 100, whenever the percent changes and after each step. */
  readonly onProgress?: (percent: number, total: number) => void;
  /** Called before each step of the registry is asked whether it may be skipped; what it throws fails that step. */
  readonly beforeStep?: (step: string, context: TContext) => void | Promise<void>;
  /** Cancels the run; its `reason` is the cause of the error that `execute` rejects with. */
  readonly signal?: AbortSignal;
  /** Default: a new UUID. */
  readonly runId?: string;
  /** The workflow's name, for events and report. */
  readonly workflow?: string;
  /** How long a step may go on after a cancel before it is given up. Milliseconds, default 5000. */
  readonly graceMs?: number;
  /** What follows an undo that failed for good: the next undo, or none. Default `continue`. */
  readonly onRollbackError?: 'continue' | 'halt';
  /** How an undo that fails is tried again. Defaults: 3 tries, 1000 ms pause, doubling, 300 000 ms for each try. */
  readonly undo?: { readonly tries?: number; readonly delayMs?: number; readonly timeoutMs?: number };
  readonly clock?: Clock;
  /** Where the run is recorded; what must survive a crash is waited for. */
  readonly journal?: RunJournal;
  /** The recorded events of the run to go on with. */
  readonly history?: readonly RunEvent[];
  /** Resume although the workflow has changed; on a rollback, undo what a pivot keeps. */
  readonly force?: boolean;
}

/**
 * Runs the steps of a registry over a context, once. When a step fails, or the run is cancelled, it undoes what was
 * started, newest first.
 */
export class Orchestrator<TContext extends BaseStepContext = BaseStepContext> {
  /** What happens in the run, as it happens. */
  readonly events: RunEventStream;
  readonly #registry: StepRegistry<TContext>;
  readonly #context: TContext;
  readonly #options: OrchestratorOptions<TContext>;
  readonly #runOptions: RunOptions;
  #run: Run | undefined;

  constructor(registry: StepRegistry<TContext>, context: TContext, options: OrchestratorOptions<TContext> = {}) {
    this.#registry = registry;
    this.#context = context;
    this.#options = options;
    this.#runOptions = toRunOptions(options, registry.proportions);
    this.events = new RunEventStream({
      runId: this.#runOptions.runId,
      clock: this.#runOptions.clock,
      lastSeq: options.history?.at(-1)?.seq ?? 0,
    });
  }

  get runId(): string {
    return this.#runOptions.runId;
  }

  /**
   * Runs the workflow; with `history`, goes on with that run: forwards, or with its rollback.
   *
   * @throws StepFailedError when a step failed, RunCancelledError when the run was cancelled, both after the rollback;
   * RunInterruptedError when it stopped where it was. All have `report`. StepUsageError when it is called a second time,
   * DefinitionChangedError when `history` is of another workflow.
   */
  async execute(): Promise<RunReport> {
    const { history, force } = this.#options;
    const folded = history && foldRunEvents(history);
    if (folded) checkResumable(folded, { steps: this.#registry.getSteps(), force: force ?? false });
    const { report, failure } = await this.#perform({ folded, rollBackFor: folded && interruptedRollback(folded) });
    if (failure) throw toRunError(failure, report);
    return report;
  }

  /**
   * Undoes a run that is over: `history` is needed. Steps up to a completed pivot are kept unless `force` is set. Steps that
   * are not part of the workflow any more are reported as failed.
   */
  async rollBack(reason = 'rollback on demand'): Promise<RunReport> {
    const folded = foldRunEvents(this.#options.history ?? []);
    checkRollable(folded);
    const requested = new SynapseStepsError({ code: 'rollback_requested', message: reason });
    const rollBackFor = interruptedRollback(folded) ?? requestedFailure(requested);
    const { report } = await this.#perform({ folded, rollBackFor });
    return report;
  }

  /** Cancels the run: the running step is told, and what was started is undone. Once that is under way it changes nothing. */
  cancel(reason: unknown = new Error('cancelled')): void {
    const run = this.#run;
    if (run === undefined || this.events.ended) return;
    run.emit({ type: 'run-cancel', reason: typeof reason === 'string' ? reason : errorMessage(reason) });
    run.cancellation.request(reason);
  }

  /** Stops the run where it is, undoing nothing, so that it can be resumed: for a deploy. Needs a journal to make sense. */
  interrupt(reason: unknown = new Error('interrupted')): void {
    const run = this.#run;
    if (run === undefined || this.events.ended || run.isRollingBack || run.cancellation.requested) return;
    run.isInterrupted = true;
    run.cancellation.request(reason);
  }

  /** Stops a rollback; the report then says what was not attempted. Does nothing while no rollback is under way. */
  abandon(): void {
    if (this.#run?.isRollingBack) this.#run.abandonment.abort();
  }

  async #perform(start: RunStart): Promise<RunOutcome> {
    if (this.#run !== undefined) {
      throw new StepUsageError(
        'already_run',
        'An Orchestrator runs once. Make a new one, with a new context, to run again.',
      );
    }
    const { onProgress, signal, journal } = this.#options;
    const run = new Run(this.#registry.getSteps(), this.#context, {
      events: this.events,
      options: this.#runOptions,
      controlFor: (call) => new RunStepControl(call),
      journal: journal && new JournalWriter(journal, this.events, this.#runOptions.clock),
    });
    this.#run = run;
    if (start.folded) restoreRun(run, start.folded);
    if (onProgress) {
      this.events.subscribe((event) => (event.type === 'run-progress' ? onProgress(event.percent, 100) : undefined));
    }
    const { logger } = this.#context.runtimeContext;
    if (logger?.reads === true) this.events.subscribe((event) => logger.readEvent(event));
    const onAbort = (): void => this.cancel(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    try {
      return await executeRun(run, { ...start, onStarted: signal?.aborted ? onAbort : undefined });
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

function toRunOptions<TContext extends BaseStepContext>(
  options: OrchestratorOptions<TContext>,
  proportions: RunOptions['proportions'],
): RunOptions {
  const { workflow, clock = systemClock, graceMs = 5000, onRollbackError = 'continue', force = false } = options;
  const { tries = 3, delayMs = 1000, timeoutMs = 300_000 } = options.undo ?? {};
  return {
    runId: options.runId ?? runIdOf(options.history) ?? crypto.randomUUID(),
    workflow,
    clock,
    graceMs,
    onRollbackError,
    undoKept: force,
    undoTries: tries,
    undoDelayMs: delayMs,
    undoTimeoutMs: timeoutMs,
    proportions,
    // Only ever called with the context that the orchestrator was made with.
    beforeStep: options.beforeStep as RunOptions['beforeStep'],
  };
}

function runIdOf(history: readonly RunEvent[] | undefined): string | undefined {
  return history?.[0]?.runId;
}
