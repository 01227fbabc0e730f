import type { BaseStepContext } from '../context/base-step-context.js';
import { RunCancelledError, StepFailedError } from '../errors/run-errors.js';
import { errorMessage } from '../errors/error-record.js';
import { RunEventStream } from '../events/run-event-stream.js';
import type { StepRegistry } from '../registry/step-registry.js';
import type { RunReport } from '../report/run-report.js';
import { StepUsageError } from '../step/step-error.js';
import { systemClock, type Clock } from './clock.js';
import { executeRun } from './execute-run.js';
import { Run, type RunOptions } from './run.js';
import { RunStepControl } from './run-step-control.js';

export interface OrchestratorOptions {
  /** Called with the run's whole percent (0 … 100) and 100, whenever the percent changes and after each step. */
  readonly onProgress?: (percent: number, total: number) => void;
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
  readonly #options: OrchestratorOptions;
  readonly #runOptions: RunOptions;
  #run: Run | undefined;

  constructor(registry: StepRegistry<TContext>, context: TContext, options: OrchestratorOptions = {}) {
    this.#registry = registry;
    this.#context = context;
    this.#options = options;
    this.#runOptions = toRunOptions(options);
    this.events = new RunEventStream(this.#runOptions.runId, this.#runOptions.clock);
  }

  get runId(): string {
    return this.#runOptions.runId;
  }

  /**
   * Runs the workflow.
   *
   * @throws StepFailedError when a step failed, RunCancelledError when the run was cancelled; both after the rollback, with
   * `report`. StepUsageError when it is called a second time.
   */
  async execute(): Promise<RunReport> {
    if (this.#run !== undefined) {
      throw new StepUsageError(
        'already_run',
        'An Orchestrator runs once. Make a new one, with a new context, to run again.',
      );
    }
    const { onProgress, signal } = this.#options;
    const run = new Run(this.#registry.getSteps(), this.#context, {
      events: this.events,
      options: this.#runOptions,
      controlFor: (call) => new RunStepControl(call),
    });
    this.#run = run;
    if (onProgress) {
      this.events.subscribe((event) => void (event.type === 'run-progress' && onProgress(event.percent, 100)));
    }
    const onAbort = (): void => this.cancel(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    try {
      const { report, failure } = await executeRun(run, { cancelAtStart: signal?.aborted ? onAbort : undefined });
      if (failure?.kind === 'cancelled') {
        throw new RunCancelledError({ step: failure.step, reason: failure.cause, report });
      }
      if (failure?.step !== undefined) {
        throw new StepFailedError({ step: failure.step, error: failure.message, cause: failure.cause, report });
      }
      return report;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Cancels the run: the running step is told, and what was started is undone. Once that is under way it changes nothing. */
  cancel(reason: unknown = new Error('cancelled')): void {
    const run = this.#run;
    if (run === undefined || this.events.ended) return;
    run.emit({ type: 'run-cancel', reason: typeof reason === 'string' ? reason : errorMessage(reason) });
    run.cancellation.request(reason);
  }

  /** Stops a rollback; the report then says what was not attempted. Does nothing while no rollback is under way. */
  abandon(): void {
    if (this.#run?.isRollingBack) this.#run.abandonment.abort();
  }
}

function toRunOptions(options: OrchestratorOptions): RunOptions {
  return {
    runId: options.runId ?? crypto.randomUUID(),
    workflow: options.workflow,
    clock: options.clock ?? systemClock,
    graceMs: options.graceMs ?? 5000,
    onRollbackError: options.onRollbackError ?? 'continue',
    undoTries: options.undo?.tries ?? 3,
    undoDelayMs: options.undo?.delayMs ?? 1000,
    undoTimeoutMs: options.undo?.timeoutMs ?? 300_000,
  };
}
